using DemoFl.Cli.Jobs;

namespace DemoFl.Cli.Tests.Jobs;

/// <summary>What a resumed run must share with the run that it goes on with.</summary>
public sealed class JobIdentityTests
{
    [Theory]
    [InlineData("rounds=11")]
    [InlineData("processes=5")]
    [InlineData("election-window=0s")]
    [InlineData("key-deadline=5s")]
    [InlineData("upload-deadline=5s")]
    [InlineData("close-deadline=5s")]
    [InlineData("tenure=0")]
    [InlineData("on-leader-lost=abort")]
    [InlineData("heartbeat=1s")]
    [InlineData("missed-beats=5")]
    [InlineData("stop-accuracy=0.9")]
    [InlineData("stop-loss=0.1")]
    public void Identity_OperationalKey_IsNotPartOfIt(string setting) =>
        Assert.Equal(JobReader.Read(null, []).Identity, JobReader.Read(null, [setting]).Identity);

    [Theory]
    [InlineData("model=softmax")]
    [InlineData("data=generated:train=400")]
    [InlineData("layout=rotating")]
    [InlineData("leaders=5")]
    [InlineData("k-min=4")]
    [InlineData("lr=0.06")]
    [InlineData("seed=2")]
    [InlineData("ring=64")]
    [InlineData("parties=11")]
    [InlineData("start=w.safetensors")]
    [InlineData("proximal=0.1")]
    [InlineData("server-optimizer=momentum")]
    [InlineData("standardize=true")]
    [InlineData("mode=sofl")]
    [InlineData("intersect=leaders")]
    public void Identity_KeyThatShapesTheModel_IsPartOfIt(string setting) =>
        Assert.NotEqual(JobReader.Read(null, []).Identity, JobReader.Read(null, [setting]).Identity);

    [Theory]
    [InlineData("lr=0.10", "lr=0.1")]
    [InlineData("lr=1e-1", "lr=0.1")]
    [InlineData("clip=1.0", "clip=1")]
    [InlineData("parties=+10", "parties=10")]
    [InlineData("seed=007", "seed=7")]
    [InlineData("server-optimizer=momentum", "server-optimizer=momentum:0.90")]
    [InlineData("server-optimizer=adam", "server-optimizer=adam:0.9,0.99,1e-3")]
    public void Identity_SameValueWrittenOtherwise_IsTheSame(string one, string other) =>
        Assert.Equal(JobReader.Read(null, [one]).Identity, JobReader.Read(null, [other]).Identity);

    /// <summary>A journal names its job by this text: keys that came later must not keep older runs from going on.</summary>
    [Fact]
    public void Identity_OfTheDefaults_IsWhatItHasAlwaysBeen() => Assert.Equal(
        "model=mlp:128 data=generated partition=iid evaluate=true parties=10 fraction=1 leaders=3 election=first layout=masked ring=32 k-min=3 clip=0.5 "
        + "clip-min=0.0009765625 clip-max=1024 max-samples=1000 epochs=1 batch=32 lr=0.05 momentum=0 weight-decay=0 seed=1",
        JobReader.Read(null, []).Identity);

    [Fact]
    public void Texts_GivenToAnotherProcess_MakeTheSameJob()
    {
        var job = JobReader.Read(null, ["mode=sofl", "lr=0.30000000000000004", "clip=0.1", "upload-deadline=1.5m", "seed=9223372036854775807"]);
        var child = JobReader.Read(null, [.. job.Texts.Select(t => $"{t.Key}={t.Value}")]);
        Assert.Equal((job.Identity, job.LearningRate, job.UploadDeadline, job.Seed), (child.Identity, child.LearningRate, child.UploadDeadline, child.Seed));
        Assert.Equal(job.Texts, child.Texts);
    }
}
