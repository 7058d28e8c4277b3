using DemoFl.Node.Connections;
using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Node.Tests.Connections;

public sealed class AnnouncedJobTests
{
    [Fact]
    public void FromWire_Job_HasItsTensorsInTheirOrder()
    {
        var terms = AnnouncedJob.FromWire(Announced());

        Assert.Equal(["w[3,4]", "b[3]"], terms.Tensors.Tensors.Select(t => t.ToString()));
        Assert.Equal(("external", 15, 3, 3), (terms.Model, terms.Dimension, terms.Leaders, terms.KMin));
    }

    [Fact]
    public void FromWire_TensorsOfAnotherDimension_NamesBoth()
    {
        var job = Announced();
        job.Dimension = 16;

        Assert.Equal("job.tensors have 15 values together, and job.dimension is 16.", Refusal(job));
    }

    [Theory]
    [InlineData("w", 1, "Two tensors are called 'w'")]
    [InlineData("v", 0, "every dimension must be at least 1")]
    [InlineData("v", int.MaxValue, "elements in total")]
    public void FromWire_TensorsThatMakeNoVector_NamesTheField(string name, int length, string words)
    {
        var job = Announced();
        job.Tensors.Add(TensorLists.ToWire(name, [length]));

        string refusal = Refusal(job);

        Assert.StartsWith("job.tensors: ", refusal, StringComparison.Ordinal);
        Assert.Contains(words, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void FromWire_UnknownLayout_IsRefused()
    {
        var job = Announced();
        job.Layout = (V1.Layout)17;

        Assert.Equal("job.layout 17 is not known.", Refusal(job));
    }

    [Fact]
    public void FromWire_NoTensors_IsRefused()
    {
        var job = Announced();
        job.Tensors.Clear();

        Assert.Contains("not 0", Refusal(job), StringComparison.Ordinal);
    }

    [Fact]
    public void Objection_RoundOfAnotherDimension_IsToldBeforeRoomIsMadeForIt()
    {
        var job = AnnouncedJob.FromWire(Announced());
        var spec = new RoundSpec(
            default, new Protocol.Round(1), default, Layout.Masked, new EncodingRules(32, 0.5, 100, 20, 0.25, 1), new TrainingPlan("external", 15, 1, 1, 0.1, 0, 0, 1), [], 3,
            TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        Assert.Null(AnnouncedJob.Objection(job, spec));
        Assert.Equal(
            "the round is of 1000000000 parameters, and the job that this node joined for is of 15",
            AnnouncedJob.Objection(job, spec with { Training = spec.Training with { Dimension = RoundSpec.MaxDimension } }));
    }

    private static string Refusal(Job job) => Assert.Throws<WireFormatException>(() => AnnouncedJob.FromWire(job)).Message;

    private static Job Announced() => new()
    {
        Model = "external", Dimension = 15, Leaders = 3, KMin = 3, Layout = V1.Layout.Masked,
        Tensors = { TensorLists.ToWire("w", [3, 4]), TensorLists.ToWire("b", [3]) },
    };
}
