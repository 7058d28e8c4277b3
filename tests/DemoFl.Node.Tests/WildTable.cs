using DemoFl.Learning;

namespace DemoFl.Node.Tests;

/// <summary>Made-up tables of six columns that differ in scale by fifteen orders of magnitude, and of which each matters as much to the label.</summary>
internal static class WildTable
{
    private static readonly double[] Scales = [1e-6, 1e-3, 1, 1e3, 1e6, 1e9];

    public static readonly InputShape Input = new(1, 1, Scales.Length);

    public static Dataset Of(int rows, int seed, double stretch = 1)
    {
        var random = new Random(seed);
        var features = new float[rows * Scales.Length];
        var labels = new int[rows];
        for (int row = 0; row < rows; row++)
        {
            double sum = 0;
            for (int column = 0; column < Scales.Length; column++)
            {
                double value = (2 * random.NextDouble()) - 1;
                sum += value;
                features[(row * Scales.Length) + column] = (float)(stretch * Scales[column] * (value + (column % 3) - 1));
            }

            labels[row] = sum > 0 ? 1 : 0;
        }

        return new Dataset(Input, 2, features, labels);
    }
}
