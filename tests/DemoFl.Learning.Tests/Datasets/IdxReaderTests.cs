namespace DemoFl.Learning.Tests.Datasets;

public sealed class IdxReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadDirectory_FourFiles_GivesImagesAndLabels(bool gzip)
    {
        var suffix = gzip ? ".gz" : "";
        _directory.Write("train-images-idx3-ubyte" + suffix, Images(3, 2, 2, 0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8), gzip);
        _directory.Write("train-labels-idx1-ubyte" + suffix, Labels(3, 7, 0, 9), gzip);
        _directory.Write("t10k-images-idx3-ubyte" + suffix, Images(1, 2, 2, 255, 0, 0, 0), gzip);
        _directory.Write("t10k-labels-idx1-ubyte" + suffix, Labels(1, 4), gzip);

        var sets = DemoFl.Learning.Datasets.Load("mnist:" + _directory.Path);

        Assert.Equal(new InputShape(1, 2, 2), sets.Train.Input);
        Assert.Equal([0f, 0.2f, 0.4f, 1f], sets.Train.FeaturesOf(0).ToArray());
        Assert.Equal([7, 0, 9], sets.Train.Labels.ToArray());
        Assert.Equal(10, sets.Train.Classes);
        Assert.Equal(1, sets.Test.Count);
    }

    [Fact]
    public void ReadDirectory_FileMissing_NamesItAndTheRemedy()
    {
        var error = Assert.Throws<FileNotFoundException>(() => IdxReader.ReadDirectory(_directory.Path));
        Assert.Contains("train-images-idx3-ubyte.gz", error.Message, StringComparison.Ordinal);
        Assert.Contains("data get mnist", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<byte[], byte[], string> Malformed => new()
    {
        { [], Labels(1, 0), "byte 0: the file ends within the magic number" },
        { [0, 0, 8, 3, 0, 0], Labels(1, 0), "the file ends within the count, 2 bytes short" },
        { Labels(1, 0), Labels(1, 0), "starts with 0x00000801, IDX images of unsigned bytes start with 0x00000803" },
        { Images(1, 2, 2, 1, 2, 3), Labels(1, 0), "the file ends within image 0 of 1, 1 bytes short" },
        { Images(1, 2, 2, 1, 2, 3, 4, 5), Labels(1, 0), "more bytes than the 1 images" },
        { Images(0, 2, 2), Labels(1, 0), "claims 0 images" },
        { Images(1, 0, 2), Labels(1, 0), "the images are 0x2" },
        { Images(1, 2, 70_000), Labels(1, 0), "allowed are 1 to 4096 pixels a side" },
        { Images(2, 1, 1, 1, 2), Labels(1, 0), "2 images" },
        { Images(1, 1, 1, 1), Labels(2, 0), "the file ends within the 2 labels, 1 bytes short" },
        { Images(1, 1, 1, 1), Labels(1, 0, 1), "more bytes than the 1 labels" },
        { Images(1, 1, 1, 1), Labels(1, 10), "byte 8: label 10 is not one of 10 classes" },
        { Images(1, 1, 1, 1), Images(1, 1, 1, 1), "IDX labels of unsigned bytes start with 0x00000801" },
        { Images(2_000_000, 10, 10), Labels(2_000_000), "the file ends within the 2000000 labels" },
        { [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF], Labels(1, 0), "the gzip stream is damaged" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void ReadPair_MalformedFile_SaysWhatAndWhere(byte[] images, byte[] labels, string expected)
    {
        var (imagesPath, labelsPath) = (_directory.Write("images", images), _directory.Write("labels", labels));
        var error = Assert.Throws<InvalidDataException>(() => IdxReader.ReadPair(imagesPath, labelsPath));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(_directory.Path, error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static byte[] Images(int count, int height, int width, params byte[] pixels) =>
        [0, 0, 8, 3, .. Big(count), .. Big(height), .. Big(width), .. pixels];

    private static byte[] Labels(int count, params byte[] labels) => [0, 0, 8, 1, .. Big(count), .. labels];

    private static byte[] Big(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
