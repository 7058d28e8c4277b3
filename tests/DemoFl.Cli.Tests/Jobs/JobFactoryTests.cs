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
            "upload-deadline=3s", "close-deadline=4s", "proximal=0.0625", "server-optimizer=adam:0.5,0.75,0.125", "server-lr=0.375", "stop-accuracy=0.9", "stop-loss=0.2",
        ]);
        var job = JobFactory.Make(values);
        int dimension = (16 * 5) + 5 + (5 * 3) + 3;

        Assert.Equal((values.Identity, 9ul, dimension, 20), (job.Text, job.Rules.Training.Seed, job.Parameters.Length, job.HeldOut!.Count));
        var rules = job.Rules;
        Assert.Equal((4, ElectionMode.Appointed, 7, 0.9, 5, Layout.Rotating, 6), (rules.Leaders, rules.Election, rules.MinimumNodes, rules.Fraction, rules.KMin, rules.Layout, rules.Rounds));
        Assert.Equal([1, 2, 3, 4], new[] { rules.ElectionWindow, rules.KeyDeadline, rules.UploadDeadline, rules.CloseDeadline }.Select(t => t.TotalSeconds));
        Assert.Equal(new TrainingPlan("mlp:5", dimension, 2, 8, 0.25, 0.5, 0.125, 9, 0.0625, new ServerStep(ServerMethod.Adam, 0.375, 0.5, 0.75, 0.125)), rules.Training);
        Assert.Equal(new StopTarget(0.9, 0.2), rules.Target);
        Assert.Equal((64, 2.0, 77u), (rules.Encoding.RingBits, rules.Encoding.Clip, rules.Encoding.MaxSampleCount));
    }

    [Fact]
    public void Make_WatchOverLeaders_ReachesTheRules()
    {
        Assert.Equal(LeaderCare.Default, JobFactory.Make(JobReader.Read(null, [Data])).Rules.Care);
        Assert.Equal(
            new LeaderCare(TimeSpan.FromSeconds(2), 4, LossPolicy.Abort, 5, LeadersIntersect: true),
            JobFactory.Make(JobReader.Read(null, [Data, "heartbeat=2s", "missed-beats=4", "on-leader-lost=abort", "tenure=5", "intersect=leaders"])).Rules.Care);
        var sofl = JobFactory.Make(JobReader.Read(null, [Data, "mode=sofl"])).Rules;
        Assert.Equal((ElectionMode.Appointed, 3, true), (sofl.Election, sofl.Care.Tenure, sofl.Care.LeadersIntersect));
    }

    [Fact]
    public void Make_EvaluateFalse_HoldsNothingOut() => Assert.Null(JobFactory.Make(JobReader.Read(null, [Data, "evaluate=false"])).HeldOut);

    [Fact]
    public void Make_Defaults_AreFederatedAveragingAsItWas()
    {
        var rules = JobFactory.Make(JobReader.Read(null, [Data])).Rules;
        Assert.Equal((0.0, default(ServerStep), null), (rules.Training.Proximal, rules.Training.Server, rules.Target));
    }

    [Theory]
    [InlineData("momentum:0.5", ServerMethod.Momentum, 1, 0.5, 0, 0)]
    [InlineData("momentum", ServerMethod.Momentum, 1, 0.9, 0, 0)]
    [InlineData("adam", ServerMethod.Adam, 0.01, 0.9, 0.99, 0.001)]
    [InlineData("yogi:0.5,0.25,1", ServerMethod.Yogi, 0.01, 0.5, 0.25, 1)]
    public void Make_ServerOptimizer_HasItsUsualRateAndWhatIsGiven(string text, ServerMethod method, double rate, double beta1, double beta2, double tau) =>
        Assert.Equal(
            new ServerStep(method, rate, beta1, beta2, tau), JobFactory.Make(JobReader.Read(null, [Data, $"server-optimizer={text}"])).Rules.Training.Server);

    [Fact]
    public void Make_OneTarget_LeavesTheOtherOut() =>
        Assert.Equal(new StopTarget(null, 0.5), JobFactory.Make(JobReader.Read(null, [Data, "stop-loss=0.5"])).Rules.Target);

    [Fact]
    public void Make_Standardize_PutsALayerBeforeTheModelAndTakesTheColumnsAsTheyAre()
    {
        using var folder = new TemporaryFolder();
        string table = folder.Write("t.csv", string.Concat(Enumerable.Range(1, 40).Select(i => $"{i * 1000},{i % 7},{i % 2}\n")));
        var job = JobFactory.Make(JobReader.Read(null, [$"data=csv:{table}", "model=softmax", "standardize=true"]));
        Assert.Equal((true, "standardized:softmax", 12), (job.Rules.Standardize, job.Rules.Training.Model, job.Rules.Training.Dimension));
        Assert.Equal("scaling.mean[2]", job.Parameters.Tensors[0].ToString());
        Assert.Equal([0, 0, 0, 0, 1, 1], job.Start[..6].ToArray());
        Assert.All(Enumerable.Range(0, job.HeldOut!.Count), i => Assert.Equal(0, job.HeldOut.FeaturesOf(i)[0] % 1000));

        Assert.False(JobFactory.Make(JobReader.Read(null, [$"data=csv:{table}", "model=softmax"])).Rules.Standardize);
    }

    [Theory]
    [InlineData("model=mpl:5", "'mpl:5'")]
    [InlineData("data=generated:clases=3", "'clases'")]
    [InlineData("data=csv:no-such-file.csv", "no-such-file.csv")]
    public void Make_UnknownModelOrData_NamesIt(string setting, string word) =>
        Assert.Contains(word, Assert.ThrowsAny<Exception>(() => JobFactory.Make(JobReader.Read(null, [Data, setting]))).Message, StringComparison.Ordinal);
}
