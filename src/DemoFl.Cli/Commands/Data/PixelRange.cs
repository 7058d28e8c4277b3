using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary>The range of feature values that becomes pixels 0 to 255. One range for all parts of a set, so that they stay
/// comparable.</summary>
internal readonly record struct PixelRange(float Low, float High)
{
    /// <summary>What pixels read from files range over; such values go back to the bytes that they came from.</summary>
    public static readonly PixelRange Unit = new(0, 1);

    public static PixelRange Of(TrainTest set)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var data in (Dataset[])[set.Train, set.Test])
        {
            for (var i = 0; i < data.Count; i++)
            {
                foreach (var value in data.FeaturesOf(i)) (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }
        }

        return low >= Unit.Low && high <= Unit.High ? Unit : new PixelRange(low, high > low ? high : low + 1);
    }

    public byte PixelOf(float value) => (byte)Math.Round(Math.Clamp((value - (double)Low) / (High - (double)Low), 0, 1) * byte.MaxValue);
}
