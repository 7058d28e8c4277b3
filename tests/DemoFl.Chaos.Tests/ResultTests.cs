using DemoFl.Chaos.Reports;
using DemoFl.Chaos.Scenarios;

namespace DemoFl.Chaos.Tests;

public sealed class ResultTests
{
    private static readonly IScenario Scenario = new KillLeader();

    private static readonly ResultRow[] Rows =
    [
        ResultRow.Of(Scenario, new ChaosResult("kill", "leader", "training", "round 3 was committed", Ok: true, TimeSpan.FromSeconds(1))),
        ResultRow.Of(Scenario, new ChaosResult("kill", "leader", "release", "round 4 was\nlost", Ok: false, TimeSpan.FromSeconds(4))),
        ResultRow.Of(Scenario, ChaosResult.Skip("partition", "leader", "root")),
    ];

    [Fact]
    public void Table_Rows_AreOneLineEachAndSayWhatIsNotAsExpected()
    {
        string[] lines = ResultTable.Of(Rows).TrimEnd().Split('\n');

        Assert.Equal(4, lines.Length);
        Assert.Matches(@"kill-leader +kill +leader +training +yes +1\.00 +round 3 was committed$", lines[1]);
        Assert.Contains("NO", lines[2], StringComparison.Ordinal);
        Assert.Contains("skipped: needs root", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_Rows_CountsSkippedApartAndTellsMedianAndWorst() =>
        Assert.Equal("1 of 2 as expected, 1 skipped; recovery: median 2.50 s, worst 4.00 s", ResultTable.Summary(Rows));

    [Fact]
    public void File_WrittenAndRead_IsTheSame()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("demofl-chaos-tests-").FullName, "results.json");

        ResultFile.Write(path, Rows);

        Assert.Equal(Rows, ResultFile.Read(path));
        Assert.Contains("\"recoverySeconds\": 1", File.ReadAllText(path), StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void Registry_Scenarios_HaveNamesOfTheirOwnAndAScriptEach()
    {
        string scripts = Path.Combine(Repository.Root, "scripts", "chaos");

        Assert.Equal(Registry.All.Count, Registry.All.Select(s => s.Name).Distinct().Count());
        Assert.All(Registry.All, s => Assert.True(File.Exists(Path.Combine(scripts, s.Name)), $"scripts/chaos/{s.Name}"));
    }
}
