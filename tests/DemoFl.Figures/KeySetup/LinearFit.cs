namespace DemoFl.Figures.KeySetup;

/// <summary>The straight line closest to some points (least squares), and R^2: the share of the variance that it explains.</summary>
internal readonly record struct LinearFit(double Intercept, double Slope, double RSquared)
{
    public static LinearFit Of(IReadOnlyCollection<(double X, double Y)> points)
    {
        if (points.Select(p => p.X).Distinct().Count() < 2)
        {
            throw new ArgumentException("A line needs points at two places or more.", nameof(points));
        }

        double meanX = points.Average(p => p.X);
        double meanY = points.Average(p => p.Y);
        double slope = points.Sum(p => (p.X - meanX) * (p.Y - meanY)) / points.Sum(p => (p.X - meanX) * (p.X - meanX));
        double intercept = meanY - (slope * meanX);
        double around = points.Sum(p => (p.Y - meanY) * (p.Y - meanY));
        double left = points.Sum(p => Math.Pow(p.Y - intercept - (slope * p.X), 2));
        return new LinearFit(intercept, slope, around == 0 ? 1 : 1 - (left / around));
    }

    public double At(double x) => Intercept + (Slope * x);
}
