using DemoFl.Chaos.Network;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>Wall clocks that are wrong from the start, or jump.</summary>
internal sealed class ClockSkew : IScenario
{
    private const string Fault = "clock";

    /// <summary>How long rounds are watched after a clock was set: longer than three heartbeats.</summary>
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Forwards = TimeSpan.FromHours(6);
    private static readonly TimeSpan Backwards = TimeSpan.FromHours(-7);

    public string Name => "clock-skew";

    public string Did =>
        "one node's clock is 6 hours ahead and another's 7 behind from the start; then a leader's, a party's and the server's jump by 6 hours, the server's by 7 hours the other way, "
        + "and the server is killed and resumed with it";

    public string Expected => "nobody notices: all nodes are in every sum, no leader is lost, no round aborted; and numbers rise across the restart";

    public async Task<IReadOnlyList<ChaosResult>> RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        if (FakeClock.Missing is { } missing)
        {
            return [ChaosResult.Skip(Fault, "node", missing), ChaosResult.Skip(Fault, "server", missing)];
        }

        string folder = Directory.CreateTempSubdirectory("demofl-chaos-clock-").FullName;
        try
        {
            var clocks = new Dictionary<string, FakeClock>();
            var plan = new FederationPlan { LaunchOf = name => new Launch { Environment = clocks[name].Environment, Arguments = ["--log", "Information"] } };
            await using var federation = await ProcessFederation.PrepareAsync(workshop, plan);
            foreach (string name in federation.Nodes.Append(ProcessFederation.Server))
            {
                clocks[name] = new FakeClock(Path.Combine(folder, name));
                clocks[name].Set(name switch { "node-1" => Forwards, "node-2" => Backwards, _ => TimeSpan.Zero });
            }

            await federation.StartServerAsync(cancellation);
            federation.StartNodes(federation.Nodes);
            return await RunAsync(federation, clocks, cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<ChaosResult>> RunAsync(
        ProcessFederation federation, IReadOnlyDictionary<string, FakeClock> clocks, CancellationToken cancellation)
    {
        await federation.WholeAsync(0, cancellation);
        List<ChaosResult> results =
        [
            await AtStartAsync(federation, clocks, cancellation),
            await JumpAsync(federation, clocks, federation.Leaders[0], "leader", Forwards, cancellation),
            await JumpAsync(federation, clocks, federation.Followers.First(), "party", Backwards, cancellation),
            await JumpAsync(federation, clocks, ProcessFederation.Server, "server", Forwards, cancellation),
            await JumpAsync(federation, clocks, ProcessFederation.Server, "server", Backwards, cancellation),
            await RestartAsync(federation, clocks, cancellation),
        ];
        if (results.All(r => r.Ok))
        {
            federation.Succeeded();
        }

        return results;
    }

    private static async Task<ChaosResult> AtStartAsync(ProcessFederation federation, IReadOnlyDictionary<string, FakeClock> clocks, CancellationToken cancellation)
    {
        var run = new FaultRun(federation, cancellation);
        await WatchAsync(run, federation.Events.Now);
        run.Findings.Require(
            new[] { "node-1", "node-2" }.All(n => clocks[n].IsShownBy(federation.Of(n))), "their logs show 6 h ahead, 7 h behind");
        return run.Result($"{Fault} wrong at start", "nodes", "join");
    }

    private static async Task<ChaosResult> JumpAsync(
        ProcessFederation federation, IReadOnlyDictionary<string, FakeClock> clocks, string name, string role, TimeSpan skew, CancellationToken cancellation)
    {
        var run = new FaultRun(federation, cancellation);
        int from = federation.Events.Now;
        clocks[name].Set(skew);
        while (!clocks[name].IsShownBy(federation.Of(name)))
        {
            await federation.CommitAsync(federation.Events.Now, cancellation);
        }

        await WatchAsync(run, from);
        return run.Result($"{Fault} {skew.TotalHours:+0;-0} h", role, "all");
    }

    private static async Task<ChaosResult> RestartAsync(ProcessFederation federation, IReadOnlyDictionary<string, FakeClock> clocks, CancellationToken cancellation)
    {
        var run = new FaultRun(federation, cancellation);
        int from = federation.Events.Now;
        await federation.KillAsync(ProcessFederation.Server);
        clocks[ProcessFederation.Server].Set(2 * Backwards);
        long back = FaultRun.Now;
        await federation.StartServerAsync(cancellation);
        await run.RecoverAsync(back);
        run.Findings.Require(clocks[ProcessFederation.Server].IsShownBy(federation.Of(ProcessFederation.Server)), "its log shows 14 h behind");
        run.Findings.Tell($"{federation.Events.From(from).Count(e => e.IsOfServer && e.Kind == "aborted")} rounds aborted by the kill");
        return run.Result($"{Fault} {2 * Backwards.TotalHours:+0;-0} h, kill", "server", "all");
    }

    private static async Task WatchAsync(FaultRun run, int from)
    {
        var federation = run.Federation;
        var commits = await federation.CommitsForAsync(Watched, run.Cancellation);
        run.Findings.Require(commits.All(c => c.Summed() == federation.Nodes.Count), $"{commits.Count} rounds with all {federation.Nodes.Count}");
        int aborted = federation.Events.From(from).Count(e => e.IsOfServer && e.Kind == "aborted");
        run.Findings.Require(aborted == 0, $"{aborted} aborted");
        run.RequireNoLoss(from);
    }
}
