namespace DemoFl.Mutation.Tests;

/// <summary>The simulator can fail: whoever breaks the product in one of these ways is caught.</summary>
public sealed class MutantTests(Hunts hunts) : IClassFixture<Hunts>
{
    /// <summary>Many more than the mutants need, all of them together.</summary>
    private const int SoundSeeds = 2_000;

    public static TheoryData<string> Names => [.. Collection.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Hunt_Mutant_IsCaught(string name)
    {
        var finding = await hunts.FindingAsync(name);
        Assert.True(finding.Violation is not null, $"'{finding.Mutant.Title}' kept {finding.Mutant.Promise} for {finding.Seeds} seeds from {finding.Mutant.FirstSeed} on.");
    }

    /// <summary>What catches the product as it is would catch every mutant, and prove nothing.</summary>
    [Fact]
    public async Task Hunt_ProductAsItIs_KeepsEveryPromise()
    {
        var finding = await hunts.RunAsync(laboratory => Hunt.OfTheProduct(laboratory, SoundSeeds));
        Assert.True(finding.Violation is null, $"seed {finding.Violation?.Seed}: {finding.Violation?.Message}");
    }

    [Fact]
    public void Make_EditElsewhere_IsRefused()
    {
        var stray = new Mutant("stray", "It changes what is not simulated", "none", 0, [new Edit("src/DemoFl.Node/Node.cs", ["x"], ["y"])]);
        Assert.Contains("src/DemoFl.Node/Node.cs is neither in", Assert.Throws<MutantException>(() => hunts.Laboratory.Make(stray)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_ChangeThatDoesNotCompile_SaysSo()
    {
        const string File = "src/DemoFl.Protocol/Identifiers/Slot.cs";
        var broken = new Mutant("broken", "It is no C#", "none", 0, [new Edit(File, ["namespace DemoFl.Protocol;"], ["namespace ;"])]);
        Assert.Contains("DemoFl.Protocol does not compile", Assert.Throws<MutantException>(() => hunts.Laboratory.Make(broken)).Message, StringComparison.Ordinal);
    }
}
