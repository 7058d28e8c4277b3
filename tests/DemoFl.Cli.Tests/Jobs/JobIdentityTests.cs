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
    public void Identity_KeyThatShapesTheModel_IsPartOfIt(string setting) =>
        Assert.NotEqual(JobReader.Read(null, []).Identity, JobReader.Read(null, [setting]).Identity);

    [Theory]
    [InlineData("lr=0.10", "lr=0.1")]
    [InlineData("lr=1e-1", "lr=0.1")]
    [InlineData("clip=1.0", "clip=1")]
    [InlineData("parties=+10", "parties=10")]
    [InlineData("seed=007", "seed=7")]
    public void Identity_SameValueWrittenOtherwise_IsTheSame(string one, string other) =>
        Assert.Equal(JobReader.Read(null, [one]).Identity, JobReader.Read(null, [other]).Identity);

    [Fact]
    public void Texts_GivenToAnotherProcess_MakeTheSameJob()
    {
        var job = JobReader.Read(null, ["lr=0.30000000000000004", "clip=0.1", "upload-deadline=1.5m", "seed=9223372036854775807"]);
        var child = JobReader.Read(null, [.. job.Texts.Select(t => $"{t.Key}={t.Value}")]);
        Assert.Equal((job.Identity, job.LearningRate, job.UploadDeadline, job.Seed), (child.Identity, child.LearningRate, child.UploadDeadline, child.Seed));
        Assert.Equal(job.Texts, child.Texts);
    }
}
