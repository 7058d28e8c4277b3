namespace DemoFl.Learning.Tests.Datasets;

public sealed class Cifar10ReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("data_batch_1.bin", "data_batch_2.bin", "test_batch.bin", false)]
    [InlineData("my-train-1.bin.gz", "my-train-2.bin.gz", "my-test.bin.gz", true)]
    public void ReadDirectory_BatchFiles_AreJoinedInOrderOfName(string first, string second, string test, bool gzip)
    {
        _directory.Write(second, Record(8, 255), gzip);
        _directory.Write(first, [.. Record(3, 51), .. Record(5, 0)], gzip);
        _directory.Write(test, Record(9, 102), gzip);
        _directory.Write("batches.meta.txt", "airplane");

        var sets = DemoFl.Learning.Datasets.Load("cifar10:" + _directory.Path);

        Assert.Equal(new InputShape(3, 32, 32), sets.Train.Input);
        Assert.Equal([3, 5, 8], sets.Train.Labels.ToArray());
        Assert.All(sets.Train.FeaturesOf(0).ToArray(), value => Assert.Equal(0.2f, value));
        Assert.All(sets.Train.FeaturesOf(2).ToArray(), value => Assert.Equal(1f, value));
        Assert.Equal([9], sets.Test.Labels.ToArray());
    }

    [Fact]
    public void ReadDirectory_ExtractedArchive_IsFoundInItsFolder()
    {
        Directory.CreateDirectory(Path.Combine(_directory.Path, "cifar-10-batches-bin"));
        _directory.Write("cifar-10-batches-bin/data_batch_1.bin", Record(1, 1));
        _directory.Write("cifar-10-batches-bin/test_batch.bin", Record(2, 2));
        Assert.Equal(1, Cifar10Reader.ReadDirectory(_directory.Path).Train.Count);
    }

    [Fact]
    public void ReadDirectory_NoTestFile_SaysWhatIsMissing()
    {
        _directory.Write("data_batch_1.bin", Record(1, 1));
        var error = Assert.Throws<FileNotFoundException>(() => Cifar10Reader.ReadDirectory(_directory.Path));
        Assert.Contains("*test*.bin", error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Cifar10Reader.ReadDirectory(Path.Combine(_directory.Path, "absent")));
    }

    [Fact]
    public void ReadFiles_Malformed_SaysWhatAndWhere()
    {
        Check([], "byte 0: the file is empty");
        Check([.. Record(1, 1), .. Record(2, 2)[..100]], "byte 3173: record 1 has 100 bytes, a CIFAR-10 record has 3073");
        Check([.. Record(1, 1), .. Record(10, 2)], "record 1 has label 10");
    }

    [Fact]
    public void ReadFiles_TruncatedGzip_IsRefused()
    {
        var noise = new byte[3072];
        var random = new SeededRandom(1);
        foreach (ref var value in noise.AsSpan()) value = (byte)random.NextBelow(256);
        var whole = TemporaryDirectory.Gzip([1, .. noise, 2, .. noise]);
        Assert.Throws<InvalidDataException>(() => Cifar10Reader.ReadFiles([_directory.Write("a.bin.gz", whole[..^2000])]));
    }

    public void Dispose() => _directory.Dispose();

    private void Check(byte[] content, string expected)
    {
        var path = _directory.Write("train.bin", content);
        var error = Assert.Throws<InvalidDataException>(() => Cifar10Reader.ReadFiles([path]));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static byte[] Record(byte label, byte pixel) => [label, .. Enumerable.Repeat(pixel, 3072)];
}
