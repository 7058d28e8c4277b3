namespace DemoFl.Learning;

/// <summary>Data sets by specification.</summary>
public static class Datasets
{
    /// <summary>
    /// Loads a data set: <c>generated[:key=value,...]</c> (keys classes=10, train=3000, test=1000, size=28, channels=1, modes=4, shift=2,
    /// noise=0.3, seed=1).
    /// </summary>
    /// <exception cref="FormatException">The specification is not one of these.</exception>
    public static TrainTest Load(string spec)
    {
        var (kind, rest) = spec.Split(':', 2) is [var head, var tail] ? (head, tail) : (spec, "");
        return (kind, rest) switch
        {
            ("generated", _) => Generate(spec, rest),
            _ => throw new FormatException($"Cannot load the data set '{spec}': it is not of a known kind. Known are 'generated[:key=value,...]'."),
        };
    }

    private static TrainTest Generate(string spec, string rest)
    {
        var preset = new GeneratedSet();
        var options = new SpecOptions(spec, rest.Length == 0 ? [] : rest.Split(','));
        var set = new GeneratedSet
        {
            Classes = options.Integer("classes", preset.Classes, 2, 1_000),
            Train = options.Integer("train", preset.Train, 1, 10_000_000),
            Test = options.Integer("test", preset.Test, 1, 10_000_000),
            Size = options.Integer("size", preset.Size, 2, 1_024),
            Channels = options.Integer("channels", preset.Channels, 1, 16),
            Modes = options.Integer("modes", preset.Modes, 1, 100),
            Shift = options.Integer("shift", preset.Shift, 0, 64),
            Noise = options.Number("noise", preset.Noise, 0, 100),
            Seed = options.Seed("seed", preset.Seed),
        };
        options.RequireNoOthers();
        return set.Generate();
    }
}
