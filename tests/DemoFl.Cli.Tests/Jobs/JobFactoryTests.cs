using DemoFl.Cli.Jobs;
using DemoFl.Protocol;

namespace DemoFl.Cli.Tests.Jobs;

public sealed class JobFactoryTests
{
    private const string Data = "data=generated:classes=3,train=30,test=20,size=4";

    [Fact]
    public void Make_Values_ReachTheRules()
    {
        var values = JobReader.Read(null,
        [
            Data, "model=mlp:5", "parties=7", "leaders=4", "k-min=5", "fraction=0.9", "rounds=6", "layout=rotating", "election=appointed", "ring=64", "clip=2",
            "max-samples=77", "epochs=2", "batch=8", "lr=0.25", "momentum=0.5", "weight-decay=0.125", "seed=9", "election-window=1s", "key-deadline=2s",
            "upload-deadline=3s", "close-deadline=4s",
        ]);
        var job = JobFactory.Make(values);
        int dimension = (16 * 5) + 5 + (5 * 3) + 3;

        Assert.Equal((values.Identity, 9ul, dimension, 20), (job.Text, job.Seed, job.Model.Layout.Length, job.HeldOut!.Count));
        var rules = job.Rules;
        Assert.Equal((4, ElectionMode.Appointed, 7, 0.9, 5, Layout.Rotating, 6), (rules.Leaders, rules.Election, rules.MinimumNodes, rules.Fraction, rules.KMin, rules.Layout, rules.Rounds));
        Assert.Equal([1, 2, 3, 4], new[] { rules.ElectionWindow, rules.KeyDeadline, rules.UploadDeadline, rules.CloseDeadline }.Select(t => t.TotalSeconds));
        Assert.Equal(new TrainingPlan("mlp:5", dimension, 2, 8, 0.25, 0.5, 0.125, 9), rules.Training);
        Assert.Equal((64, 2.0, 77u), (rules.Encoding.RingBits, rules.Encoding.Clip, rules.Encoding.MaxSampleCount));
    }

    [Fact]
    public void Make_EvaluateFalse_HoldsNothingOut() => Assert.Null(JobFactory.Make(JobReader.Read(null, [Data, "evaluate=false"])).HeldOut);

    [Theory]
    [InlineData("model=mpl:5", "'mpl:5'")]
    [InlineData("data=generated:clases=3", "'clases'")]
    [InlineData("data=csv:no-such-file.csv", "no-such-file.csv")]
    public void Make_UnknownModelOrData_NamesIt(string setting, string word) =>
        Assert.Contains(word, Assert.ThrowsAny<Exception>(() => JobFactory.Make(JobReader.Read(null, [Data, setting]))).Message, StringComparison.Ordinal);
}
