namespace DemoFl.Learning;

/// <summary>Data sets by specification. Thread-safe.</summary>
public static class Datasets
{
    /// <summary>
    /// Loads a data set with its training and test part:
    /// <list type="bullet">
    /// <item><c>generated[:key=value,...]</c>: made up, no files; keys classes=10, train=3000, test=1000, size=28, channels=1, modes=4,
    /// shift=2, noise=0.3, seed=1.</item>
    /// <item><c>mnist:DIR[,classes=10]</c>: the four IDX files of MNIST or a relative.</item>
    /// <item><c>cifar10:DIR</c>: CIFAR-10's binary batches.</item>
    /// <item><c>csv:FILE[,label=last|NAME][,test=0.2][,seed=1][,classes=N][,scale=standard|none]</c>: a table; a random share of it is the
    /// test part. Columns are standardised by the training part's own mean and deviation, unless <c>scale=none</c>; where <c>scale</c> is not
    /// given, <see cref="Dataset.Unscaled"/> still has them as they are, for federations that standardise.</item>
    /// </list>
    /// </summary>
    /// <exception cref="FormatException">The specification is not one of these.</exception>
    /// <exception cref="InvalidDataException">A file is malformed; the message names it, the place, what was expected and what to
    /// do.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    public static TrainTest Load(string spec) => Load(spec, DatasetLimits.None);

    /// <summary>Likewise, within limits.</summary>
    /// <inheritdoc cref="Load(string)" path="/exception"/>
    public static TrainTest Load(string spec, DatasetLimits limits)
    {
        var (kind, rest) = spec.Split(':', 2) is [var head, var tail] ? (head, tail) : (spec, "");
        if (limits.Columns is not null && kind != "csv")
            throw new FormatException($"Cannot load the data set '{spec}': only some columns may be used, and only csv:FILE has columns.");
        return (kind, rest) switch
        {
            ("generated", _) => limits.Apply(Generate(new SpecOptions(spec, rest.Length == 0 ? [] : rest.Split(',')))),
            ("mnist", not "") => limits.Apply(Mnist(spec, rest)),
            ("cifar10", not "") => limits.Apply(Cifar10(spec, rest)),
            ("csv", not "") => Csv(spec, rest, limits),
            _ => throw new FormatException(
                $"Cannot load the data set '{spec}': known are 'generated[:key=value,...]', "
                + "'mnist:DIR', 'cifar10:DIR' and 'csv:FILE[,label=NAME]'."),
        };
    }

    private static TrainTest Generate(SpecOptions options)
    {
        var preset = new GeneratedSet();
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
        if (Math.Max(set.Train, set.Test) * (long)set.Channels * set.Size * set.Size > Dataset.MaxValues)
            throw options.Malformed($"it would have more than {Dataset.MaxValues} values; lower train, test or size");
        return set.Generate();
    }

    private static TrainTest Mnist(string spec, string rest)
    {
        var (directory, options) = PathAndOptions(spec, rest);
        var classes = options.Integer("classes", 10, 2, 256);
        options.RequireNoOthers();
        return IdxReader.ReadDirectory(directory, classes);
    }

    private static TrainTest Cifar10(string spec, string rest)
    {
        var (directory, options) = PathAndOptions(spec, rest);
        options.RequireNoOthers();
        return Cifar10Reader.ReadDirectory(directory);
    }

    private static TrainTest Csv(string spec, string rest, DatasetLimits limits)
    {
        var (path, options) = PathAndOptions(spec, rest);
        var label = options.Text("label", CsvReader.LastColumn);
        var testShare = options.Number("test", 0.2, 0, 0.9);
        var seed = options.Seed("seed", 1);
        var classes = options.Integer("classes", 0, 2, Dataset.MaxClasses);
        var scale = options.Text("scale", "");
        options.RequireNoOthers();
        if (scale is not ("" or "standard" or "none")) throw options.Malformed($"scale is '{scale}', allowed are standard and none");

        // Scales are taken from what may be used alone.
        var parts = limits.Apply(HoldOut.Split(CsvReader.Read(path, label, classes, limits.Columns), testShare, seed));
        return scale == "none" ? parts : HoldOut.Standardise(parts, asked: scale == "standard");
    }

    // A path may have commas; options are the last pieces that have an equals sign.
    private static (string Path, SpecOptions Options) PathAndOptions(string spec, string rest)
    {
        var pieces = rest.Split(',');
        var first = pieces.Length;
        while (first > 1 && pieces[first - 1].Contains('=')) first--;
        return (string.Join(',', pieces[..first]), new SpecOptions(spec, pieces[first..]));
    }
}
