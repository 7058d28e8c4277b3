using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DemoFl.Learning.Tests.Datasets;

public sealed class DatasetsTests
{
    [Fact]
    public void Load_Generated_IsTheSameEverywhere()
    {
        var sets = DemoFl.Learning.Datasets.Load("generated:train=50,test=20,size=9,channels=2,classes=3,seed=5");

        Assert.Equal((50, 20, 3), (sets.Train.Count, sets.Test.Count, sets.Train.Classes));
        Assert.Equal(new InputShape(2, 9, 9), sets.Train.Input);

        // Pinned: training data must not change with the platform or the runtime, or seeded runs cannot be compared.
        Assert.Equal("3CDA2D46", Fingerprint(sets.Train));
        Assert.Equal("8946CC41", Fingerprint(sets.Test));
    }

    [Fact]
    public void Load_GeneratedWithOtherSeed_Differs() =>
        Assert.NotEqual(
            Fingerprint(DemoFl.Learning.Datasets.Load("generated:train=5,test=5,seed=1").Train),
            Fingerprint(DemoFl.Learning.Datasets.Load("generated:train=5,test=5,seed=2").Train));

    [Theory]
    [InlineData("", "known are")]
    [InlineData("imagenet:x", "known are")]
    [InlineData("mnist", "known are")]
    [InlineData("csv:", "known are")]
    [InlineData("generated:colour=1", "'colour' is not an option; known are classes, train")]
    [InlineData("generated:train", "'train' is not of the form key=value")]
    [InlineData("generated:train=1,train=2", "'train' is given twice")]
    [InlineData("generated:classes=1", "classes is '1', allowed are whole numbers from 2 to 1000")]
    [InlineData("generated:noise=-1", "noise is '-1'")]
    [InlineData("generated:seed=x", "seed is 'x'")]
    [InlineData("generated:train=10000000,size=1024", "more than 536870912 values")]
    [InlineData("csv:f.csv,scale=big", "scale is 'big'")]
    [InlineData("cifar10:dir,x=1", "'x' is not an option")]
    public void Load_BadSpec_SaysWhatIsKnown(string spec, string expected)
    {
        var error = Assert.Throws<FormatException>(() => DemoFl.Learning.Datasets.Load(spec));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dataset_ArraysThatDoNotFit_AreRefused()
    {
        var input = new InputShape(1, 1, 2);
        Assert.Throws<ArgumentException>(() => new Dataset(input, 2, [1, 2, 3], [0, 1]));
        Assert.Throws<ArgumentException>(() => new Dataset(input, 2, [1, 2, 3, 4], [0, 2]));
        Assert.Throws<ArgumentException>(() => new Dataset(input, 2, [1, 2, float.NaN, 4], [0, 1]));
        Assert.Throws<ArgumentException>(() => new Dataset(new InputShape(0, 1, 1), 2, [], []));
    }

    [Fact]
    public void Subset_Indices_CopiesTheseExamplesInOrder()
    {
        var data = new Dataset(new InputShape(1, 1, 2), 3, [1, 2, 3, 4, 5, 6], [0, 1, 2]);
        var subset = data.Subset([2, 0, 2]);
        Assert.Equal([2, 0, 2], subset.Labels.ToArray());
        Assert.Equal([5f, 6f], subset.FeaturesOf(2).ToArray());
    }

    private static string Fingerprint(Dataset data)
    {
        using var bytes = new MemoryStream();
        for (var i = 0; i < data.Count; i++)
        {
            bytes.Write(MemoryMarshal.AsBytes(data.FeaturesOf(i)));
            bytes.WriteByte((byte)data.LabelOf(i));
        }

        return Convert.ToHexString(SHA256.HashData(bytes.ToArray()))[..8];
    }
}
