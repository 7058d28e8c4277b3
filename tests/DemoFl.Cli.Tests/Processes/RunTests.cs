using System.Text.Json.Nodes;
using DemoFl.Learning;

namespace DemoFl.Cli.Tests.Processes;

[Collection(nameof(ProcessCollection))]
public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("masked")]
    [InlineData("rotating")]
    public async Task Run_SmallJob_CommitsItsRoundsAndReportsThem(string layout)
    {
        using var run = Demofl.Start("run --json", ["--folder", _folder["run"], .. Small.Job($"layout={layout}", "parties=5")]);
        var (exitCode, output, error) = await run.EndAsync();
        Assert.True(exitCode == ExitCode.Success, error + output);

        var report = Report();
        Assert.True(report["succeeded"]!.GetValue<bool>());
        Assert.Equal(layout, report["job"]!["layout"]!.GetValue<string>());
        var rows = report["rounds"]!.AsArray();
        Assert.Equal([1, 2, 3], rows.Select(r => r!["round"]!.GetValue<int>()));
        Assert.All(rows, r => Assert.Equal((5, 5, 3), (r!.AsObject().Number("parties"), r.AsObject().Number("intersection"), r.AsObject().Number("leaders"))));
        Assert.Equal(run.Events("round").Select(e => e["accuracy"]!.GetValue<double>()), rows.Select(r => r!["accuracy"]!.GetValue<double>()));

        string checkpoint = report.Text("checkpoint");
        Assert.Equal(checkpoint, Assert.Single(run.Events("finished")).Text("checkpoint"));
        Assert.Equal((784 * 16) + 16 + (16 * 10) + 10, Safetensors.Read(checkpoint).Values.Length);
    }

    [LinuxFact]
    public async Task Run_Interrupted_StopsEverythingAndResumes()
    {
        int[] children;
        using (var run = Demofl.Start("run --json", ["--folder", _folder["run"], .. Small.Job("rounds=100000")]))
        {
            await run.EventAsync("round", e => e.Number("round") >= 2);
            children = Machine.ChildrenOf(run.Id);
            Assert.Equal(4, children.Length);
            run.Signal("INT");
            var (exitCode, _, error) = await run.EndAsync();
            Assert.True(exitCode == ExitCode.Interrupted, error);
        }

        await Machine.GoneAsync(children);
        var before = Report()["rounds"]!.AsArray();
        Assert.Equal("interrupted", Report().Text("reason"));
        int rounds = before.Count + 2;

        var resumed = await Demofl.RunAsync("run --json --resume", ["--folder", _folder["run"], .. Small.Job($"rounds={rounds}")]);
        Assert.True(resumed.ExitCode == ExitCode.Success, resumed.Error);
        var rows = Report()["rounds"]!.AsArray();
        Assert.Equal(rounds, rows.Count);
        Assert.True(JsonNode.DeepEquals(before, new JsonArray([.. rows.Take(before.Count).Select(r => r!.DeepClone())])));
        ulong[] numbers = [.. rows.Select(r => r!["round"]!.GetValue<ulong>())];
        Assert.Equal(numbers.Distinct().Order(), numbers);
    }

    [LinuxFact]
    public async Task Run_ParentKilled_LeavesNoChild()
    {
        using var run = Demofl.Start("run --json", ["--folder", _folder["run"], .. Small.Job("rounds=100000")]);
        await run.EventAsync("round");
        int[] children = Machine.ChildrenOf(run.Id);
        Assert.Equal(4, children.Length);
        run.Signal("KILL");
        await run.EndAsync();
        await Machine.GoneAsync(children);
    }

    [LinuxFact]
    public async Task Run_NodesKilledOneByOne_GoesOnWhileEnoughAreLeftAndNamesThem()
    {
        using var run = Demofl.Start("run --json", ["--folder", _folder["run"], .. Small.Job("rounds=100000", "parties=4", "processes=4")]);
        await run.EventAsync("round");
        int[] children = Machine.ChildrenOf(run.Id);

        Kill(children, "node-002");
        await run.EventAsync("nodeDied", e => e.Text("node") == "node-002");
        ulong last = run.Events("round").Max(e => (ulong)e["round"]!);
        await run.EventAsync("round", e => (ulong)e["round"]! > last && (int)e["intersection"]! == 3);

        Kill(children, "node-003");
        var (exitCode, _, error) = await run.EndAsync();
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("node-003", error, StringComparison.Ordinal);
        await Machine.GoneAsync(children);
    }

    private static void Kill(int[] children, string name)
    {
        int node = children.First(c => File.Exists($"/proc/{c}/cmdline") && File.ReadAllText($"/proc/{c}/cmdline").Contains(name, StringComparison.Ordinal));
        System.Diagnostics.Process.GetProcessById(node).Kill();
    }

    [Fact]
    public async Task Run_PlainWithoutConsent_IsRefusedAndNamesTheOption()
    {
        var (exitCode, output, error) = await Demofl.RunAsync("run", ["--folder", _folder["run"], .. Small.Job("layout=plain")]);
        Assert.Equal(ExitCode.Refused, exitCode);
        Assert.Contains("--allow-plain", error, StringComparison.Ordinal);
        Assert.StartsWith("PLAIN: no privacy.", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output + error);
    }

    [Theory]
    [InlineData("leaders=1", "--min-leaders")]
    [InlineData("k-min=2", "--min-k")]
    public async Task Run_BelowTheFloors_IsRefusedAndLeavesNothing(string setting, string option)
    {
        var (exitCode, _, error) = await Demofl.RunAsync("run", ["--folder", _folder["run"], .. Small.Job(setting)]);
        Assert.Equal(ExitCode.Refused, exitCode);
        Assert.Contains(option, error, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Run_FolderOfAnotherRun_TouchesNothing()
    {
        Directory.CreateDirectory(_folder["run"]);
        _folder.Write("run/journal", "somebody's");
        _folder.Write("run/report.json", "{}");
        var (exitCode, _, error) = await Demofl.RunAsync("run", ["--folder", _folder["run"], .. Small.Job()]);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains("--resume", error, StringComparison.Ordinal);
        Assert.Equal(("somebody's", "{}"), (await File.ReadAllTextAsync(_folder["run", "journal"]), await File.ReadAllTextAsync(_folder["run", "report.json"])));
    }

    [Fact]
    public async Task Demo_SmallJob_ComparesSecureWithPlain()
    {
        var (exitCode, output, error) = await Demofl.RunAsync(
            "demo", ["--folder", _folder["demo"], "--json", _folder["out", "demo.json"], .. Small.Job("model=mlp:128", "rounds=2")]);
        Assert.True(exitCode == ExitCode.Success, error + output);
        var demo = JsonNode.Parse(await File.ReadAllTextAsync(_folder["out", "demo.json"]))!;
        Assert.Equal([1, 2], demo["rounds"]!.AsArray().Select(r => r!["round"]!.GetValue<int>()));
        var final = demo["final"]!.AsObject();
        Assert.Equal(demo["rounds"]![1]!["accuracy"]!.GetValue<double>(), final["accuracy"]!.GetValue<double>());
        Assert.InRange(final["plainAccuracy"]!.GetValue<double>(), 0, 1);
        Assert.InRange(final["maxAbsParameterDifference"]!.GetValue<double>(), 0, 1e-6);
        Assert.InRange(final["uploadRatio"]!.GetValue<double>(), 0.99, 1.01);
    }

    /// <summary>Training takes long enough for the leader to be killed in it, however busy the machine is.</summary>
    [LinuxFact]
    public async Task Demo_LeaderKilledWhileOthersTrain_RoundGoesOnAndNobodyTrainsAgain()
    {
        var (exitCode, output, error) = await Demofl.RunAsync(
            "demo",
            ["--folder", _folder["demo"], "--json", _folder["demo.json"], .. Small.Job("parties=5", "processes=5", "model=mlp:128", "epochs=40", "rounds=1")]);
        Assert.True(exitCode == ExitCode.Success, error + output);
        var demo = JsonNode.Parse(await File.ReadAllTextAsync(_folder["demo.json"]))!;
        var recovery = demo["recovery"]!.AsObject();
        Assert.True(recovery["committed"]!.GetValue<bool>(), output);

        // The leader may be killed before it has begun to train itself: it is as soon as half of the parties have.
        Assert.InRange(recovery.Number("trained"), 4, 5);
        Assert.Equal(0, recovery.Number("trainedAgain"));
        Assert.InRange(recovery["seconds"]!.GetValue<double>(), 0, 30);
        Assert.Single(demo["rounds"]!.AsArray());

        var report = JsonNode.Parse(await File.ReadAllTextAsync(_folder["demo", "secure", "report.json"]))!;
        var reorganisation = Assert.Single(report["reorganisations"]!.AsArray())!.AsObject();
        Assert.Equal(recovery.Number("round"), reorganisation.Number("round"));
        Assert.NotEqual(reorganisation.Text("lost"), reorganisation.Text("holder"));
        Assert.InRange(reorganisation.Number("resealed"), 0, 4);
        Assert.Equal(2, report["rounds"]!.AsArray().Count);
    }

    public void Dispose() => _folder.Dispose();

    private JsonObject Report() => JsonNode.Parse(File.ReadAllText(_folder["run", "report.json"]))!.AsObject();
}
