using System.Buffers.Binary;

namespace DemoFl.Learning;

/// <summary>Reads image sets in the IDX format of MNIST and its relatives, plain or gzip; pixels become 0 to 1. Thread-safe.</summary>
public static class IdxReader
{
    /// <summary>The largest image side in pixels.</summary>
    public const int MaxSide = 4_096;

    // A file may claim any number: memory follows what really arrives, from so many values on.
    private const int FirstAllocationValues = 1 << 20;

    private const uint ImagesMagic = 0x0803, LabelsMagic = 0x0801;

    /// <summary>
    /// Reads a directory with <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-images-idx3-ubyte</c> and
    /// <c>t10k-labels-idx1-ubyte</c>, each with or without <c>.gz</c>.
    /// </summary>
    /// <exception cref="FileNotFoundException">One of the four is missing.</exception>
    /// <exception cref="InvalidDataException">A file is malformed; the message says which, where and what to do.</exception>
    public static TrainTest ReadDirectory(string directory, int classes = 10)
    {
        var train = ReadPair(Find(directory, "train-images-idx3-ubyte"), Find(directory, "train-labels-idx1-ubyte"), classes);
        var test = ReadPair(Find(directory, "t10k-images-idx3-ubyte"), Find(directory, "t10k-labels-idx1-ubyte"), classes);
        if (train.Input != test.Input)
            throw new InvalidDataException(
                $"{directory}: the training images are {train.Input}, the test images {test.Input}; use files of one set.");
        return new TrainTest(train, test);
    }

    /// <summary>Reads one file of images and the file of their labels.</summary>
    /// <exception cref="InvalidDataException">A file is malformed; the message says which, where and what to do.</exception>
    public static Dataset ReadPair(string imagesPath, string labelsPath, int classes = 10)
    {
        var labels = ReadLabels(labelsPath, classes);
        using var file = DataFile.Open(imagesPath);
        var count = ReadHeader(file, ImagesMagic, "images");
        var (height, width) = (ReadInteger(file, "the height"), ReadInteger(file, "the width"));
        if (height is 0 or > MaxSide || width is 0 or > MaxSide)
            throw file.Malformed($"the images are {height}x{width}, allowed are 1 to {MaxSide} pixels a side");
        if (count != labels.Length)
            throw new InvalidDataException(
                $"{imagesPath} has {count} images, {labelsPath} {labels.Length} labels; use files that belong together.");

        var input = new InputShape(1, (int)height, (int)width);
        if ((long)count * input.Length > Dataset.MaxValues)
            throw file.Malformed($"{count} images of {input} are more than {Dataset.MaxValues} values");

        var features = new float[Math.Min(count * input.Length, FirstAllocationValues)];
        var image = new byte[input.Length];
        for (var i = 0; i < count; i++)
        {
            file.ReadExactly(image, $"image {i} of {count}");
            var filled = i * input.Length;
            if (features.Length < filled + input.Length) Array.Resize(ref features, Grown(features.Length, filled + input.Length, count * input.Length));
            PixelScale.ToUnit(image, features.AsSpan(filled));
        }

        file.RequireEnd($"the {count} images that the header promises");
        return new Dataset(input, classes, features, labels);
    }

    private static int[] ReadLabels(string path, int classes)
    {
        using var file = DataFile.Open(path);
        var count = ReadHeader(file, LabelsMagic, "labels");
        var bytes = new byte[Math.Min(count, FirstAllocationValues)];
        for (var filled = 0; ; Array.Resize(ref bytes, Grown(bytes.Length, filled, count)))
        {
            var read = file.ReadUpTo(bytes.AsSpan(filled));
            filled += read;
            if (filled < bytes.Length) throw file.Malformed($"the file ends within the {count} labels, {count - filled} bytes short");
            if (filled == count) break;
        }

        file.RequireEnd($"the {count} labels that the header promises");
        var bad = Array.FindIndex(bytes, label => label >= classes);
        if (bad >= 0)
            throw new InvalidDataException(
                $"{path}, byte {8 + bad}: label {bytes[bad]} is not one of {classes} classes; load the set with classes=N.");
        return Array.ConvertAll(bytes, label => (int)label);
    }

    private static int Grown(int length, int needed, int all) => (int)Math.Min(all, Math.Max(2L * length, needed));

    private static int ReadHeader(DataFile file, uint magic, string what)
    {
        var found = ReadInteger(file, "the magic number");
        if (found != magic)
            throw file.Malformed($"the file starts with 0x{found:X8}, IDX {what} of unsigned bytes start with 0x{magic:X8}");
        var count = ReadInteger(file, "the count");
        return count is > 0 and <= Dataset.MaxValues
            ? (int)count
            : throw file.Malformed($"the file claims {count} {what}, allowed are 1 to {Dataset.MaxValues}");
    }

    private static uint ReadInteger(DataFile file, string what)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        file.ReadExactly(bytes, what);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private static string Find(string directory, string name)
    {
        string[] candidates = [Path.Combine(directory, name), Path.Combine(directory, name + ".gz")];
        return Array.Find(candidates, File.Exists)
            ?? throw new FileNotFoundException(
                $"{directory} has neither {name} nor {name}.gz; fetch the set with `demofl data get mnist` or name its directory.");
    }
}
