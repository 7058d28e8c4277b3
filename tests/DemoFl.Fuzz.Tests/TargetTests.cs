namespace DemoFl.Fuzz.Tests;

/// <summary>Every target, in every build: what was ever found, what is valid, and a fixed number of inputs from a fixed seed.</summary>
public class TargetTests
{
    private const ulong Seed = 20_261_120;

    public static TheoryData<string> Names => [.. TargetList.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_FixedNumberOfInputs_FindsNothing(string name)
    {
        using var target = TargetList.Create(name).Single();
        var run = new TargetRun(target, Seed, LastInput.None);

        run.Begin(KeptCorpus.Built.Of(name));
        run.Step(target.ExecutionsInABuild);

        Assert.True(run.Finds.Count == 0, string.Join('\n', run.Finds.Select(f => $"{f.Failure.Key}\n{Convert.ToBase64String(f.Input)}\n{f.Failure.Message}")));
        Assert.True(run.Executions >= target.ExecutionsInABuild);
    }

    [Fact]
    public void Names_OfAllTargets_Differ() => Assert.Equal(TargetList.Names.Length, TargetList.Names.Distinct().Count());

    [Fact]
    public void Corpus_EachFolder_BelongsToATarget() => Assert.Empty(
        Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "Corpus")).Select(Path.GetFileName).Except(TargetList.Names));

    [Fact]
    public void Corpus_EachInput_IsSmall() => Assert.DoesNotContain(
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Corpus"), "*", SearchOption.AllDirectories), f => new FileInfo(f).Length > 4_096);
}
