namespace DemoFl.Learning.Tests.Models;

public sealed class ModelsTests
{
    private static readonly InputShape Mnist = new(1, 28, 28);

    [Theory]
    [InlineData("softmax", 7_850)]
    [InlineData("mlp:128", 101_770)]
    [InlineData("mlp:200,200", 199_210)] // the FedAvg paper's 2NN
    [InlineData("cnn", 1_663_370)] // the FedAvg paper's CNN
    public void Parse_OnMnist_HasThePapersParameterCount(string spec, int parameters)
    {
        var model = DemoFl.Learning.Models.Parse(spec, Mnist, 10);
        Assert.Equal(parameters, model.Layout.Length);
        Assert.Equal(spec, model.Name);
    }

    [Fact]
    public void Parse_CnnOnCifar_HasShapesOfPyTorch()
    {
        var model = DemoFl.Learning.Models.Parse("cnn", new InputShape(3, 32, 32), 10);
        Assert.Equal(
            "conv1.weight[32,3,5,5] conv1.bias[32] conv2.weight[64,32,5,5] conv2.bias[64] "
            + "fc1.weight[512,4096] fc1.bias[512] fc2.weight[10,512] fc2.bias[10]",
            string.Join(' ', model.Layout.Tensors));
    }

    [Theory]
    [InlineData("softmax", "fc1.weight[2,30] fc1.bias[2]")]
    [InlineData("mlp:8,4", "fc1.weight[8,30] fc1.bias[8] fc2.weight[4,8] fc2.bias[4] fc3.weight[2,4] fc3.bias[2]")]
    public void Parse_Standardized_HasTheColumnsScaleBeforeTheSameTensors(string spec, string tensors)
    {
        var (plain, model) = (Build(spec), Build(DemoFl.Learning.Models.Standardized(spec)));
        Assert.Equal(tensors, string.Join(' ', plain.Layout.Tensors));
        Assert.Equal($"scaling.mean[30] scaling.magnitude[30] scaling.variance[30] {tensors}", string.Join(' ', model.Layout.Tensors));
        Assert.Equal((0, 90), (plain.FixedLength, model.FixedLength));
        Assert.Equal($"standardized:{spec}", model.Name);
        Assert.Equal(plain.Initialise(4), model.Initialise(4).AsSpan(90).ToArray());

        static Model Build(string text) => DemoFl.Learning.Models.Parse(text, new InputShape(1, 1, 30), 2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("standardized:")]
    [InlineData("standardized:standardized:softmax")]
    [InlineData("resnet")]
    [InlineData("softmax:3")]
    [InlineData("mlp")]
    [InlineData("mlp:")]
    [InlineData("mlp:0")]
    [InlineData("mlp:12,")]
    [InlineData("mlp:-5")]
    [InlineData("mlp:70000")]
    [InlineData("cnn:2")]
    public void Parse_UnknownSpec_ListsWhatIsKnown(string spec)
    {
        var error = Assert.Throws<FormatException>(() => DemoFl.Learning.Models.Parse(spec, Mnist, 10));
        Assert.Contains("'softmax', 'mlp:UNITS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_CnnOnTabularInput_SaysWhatItNeeds()
    {
        var error = Assert.Throws<FormatException>(() => DemoFl.Learning.Models.Parse("cnn", new InputShape(1, 1, 30), 2));
        Assert.Contains("at least 4x4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Initialise_SameSeed_GivesSameBitsAndOtherSeedOthers()
    {
        var model = DemoFl.Learning.Models.Parse("mlp:16", Mnist, 10);
        Assert.Equal(model.Initialise(1), model.Initialise(1));
        Assert.NotEqual(model.Initialise(1), model.Initialise(2));
        Assert.All(model.Initialise(1).AsSpan(784 * 16, 16).ToArray(), bias => Assert.Equal(0, bias));
    }
}
