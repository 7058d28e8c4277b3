namespace DemoFl.Learning;

/// <summary>
/// Reads CIFAR-10 in its binary version, plain or gzip: records of one label byte and 3 x 32 x 32 pixels, channel-major; pixels become
/// 0 to 1. Thread-safe.
/// </summary>
public static class Cifar10Reader
{
    /// <summary>The number of classes.</summary>
    public const int Classes = 10;

    private const string ArchiveFolder = "cifar-10-batches-bin";
    private const int FirstAllocationRecords = 1_000;

    private static readonly InputShape Image = new(3, 32, 32);

    private static int RecordBytes => 1 + Image.Length;

    private static int MaxRecords => Dataset.MaxValues / Image.Length;

    /// <summary>
    /// Reads a directory (or the folder <c>cifar-10-batches-bin</c> in it): files <c>*.bin</c> or <c>*.bin.gz</c> with <c>test</c> in their
    /// name
    /// are the test set, those with <c>train</c> or <c>data_batch</c> the training set, in the order of their names.
    /// </summary>
    /// <exception cref="FileNotFoundException">One of the two is missing.</exception>
    /// <exception cref="InvalidDataException">A file is malformed; the message says which, where and what to do.</exception>
    public static TrainTest ReadDirectory(string directory)
    {
        if (!Directory.Exists(directory)) throw Missing(directory, "such directory");
        var archive = Path.Combine(directory, ArchiveFolder);
        var folder = Directory.Exists(archive) ? archive : directory;
        var files = Directory.EnumerateFiles(folder).Where(IsBinary).Order(StringComparer.Ordinal).ToArray();
        var test = Array.FindAll(files, file => NameContains(file, "test"));
        var train = Array.FindAll(files, file => NameContains(file, "train") || NameContains(file, "data_batch")).Except(test).ToArray();
        if (train.Length == 0) throw Missing(folder, "*train*.bin or data_batch_*.bin (or .bin.gz)");
        if (test.Length == 0) throw Missing(folder, "*test*.bin (or .bin.gz)");
        return new TrainTest(ReadFiles(train), ReadFiles(test));
    }

    /// <summary>Reads these files, one after the other.</summary>
    /// <exception cref="InvalidDataException">A file is malformed; the message says which, where and what to do.</exception>
    public static Dataset ReadFiles(IReadOnlyList<string> paths)
    {
        var features = new float[FirstAllocationRecords * Image.Length];
        var labels = new List<int>();
        foreach (var path in paths) ReadFile(path, ref features, labels);
        Array.Resize(ref features, labels.Count * Image.Length);
        return new Dataset(Image, Classes, features, [.. labels]);
    }

    private static void ReadFile(string path, ref float[] features, List<int> labels)
    {
        using var file = DataFile.Open(path);
        var record = new byte[RecordBytes];
        var before = labels.Count;
        while (true)
        {
            var read = file.ReadUpTo(record);
            if (read == 0) break;
            if (read < RecordBytes)
                throw file.Malformed($"record {labels.Count - before} has {read} bytes, a CIFAR-10 record has {RecordBytes}");
            if (record[0] >= Classes)
                throw file.Malformed(
                    $"record {labels.Count - before} has label {record[0]}, CIFAR-10's go from 0 to {Classes - 1} (CIFAR-100 is not read)");
            if (labels.Count >= MaxRecords) throw file.Malformed($"there are more than {MaxRecords} records");

            var at = labels.Count * Image.Length;
            if (at == features.Length) Array.Resize(ref features, (int)Math.Min(2L * features.Length, (long)MaxRecords * Image.Length));
            PixelScale.ToUnit(record.AsSpan(1), features.AsSpan(at));
            labels.Add(record[0]);
        }

        if (labels.Count == before) throw file.Malformed("the file is empty");
    }

    private static bool IsBinary(string path) =>
        path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".bin.gz", StringComparison.OrdinalIgnoreCase);

    private static bool NameContains(string path, string part) => Path.GetFileName(path).Contains(part, StringComparison.OrdinalIgnoreCase);

    private static FileNotFoundException Missing(string directory, string what) =>
        new($"{directory}: there is no {what}; fetch the set with `demofl data get cifar10` or name its directory.");
}
