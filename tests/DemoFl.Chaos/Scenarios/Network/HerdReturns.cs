using System.Diagnostics;
using DemoFl.Chaos.Network;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>Five hundred nodes lose their server at one moment, and come back when it does.</summary>
internal sealed class HerdReturns : IScenario
{
    private const int Nodes = 500;
    private const int Tries = 3;

    /// <summary>From the server's listening to the last node's keys, on a machine that also hosts all nodes.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public string Name => "herd";

    public string Did => "SIGKILL to the server of 500 nodes, each with three connections of its own; when each has tried three times in vain, it is started with --resume on its port";

    public string Expected => "all 500 are back and have keys within a minute, at different times, none is turned away for good, and the next round is committed";

    public async Task<IReadOnlyList<ChaosResult>> RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        var plan = new FederationPlan
        {
            Nodes = Nodes, Job = new Dictionary<string, string> { ["fraction"] = "0.016", ["key-deadline"] = "60s" },
            LaunchOf = _ => new Launch { Arguments = ["--log", "Error"] },
        };
        await using var federation = await ProcessFederation.PrepareAsync(workshop, plan);
        await federation.StartServerAsync(cancellation);
        long started = FaultRun.Now;
        await using var herd = Herd.Start(federation.Nodes, federation.KeyFolder, federation.RosterFile, federation.Address);
        await herd.UntilAllAsync(HerdEvent.Keyed, 1, started, workshop.Patience, cancellation);
        await federation.CommitsAsync(3, 0, cancellation);

        var run = new FaultRun(federation, cancellation);
        run.Findings.Tell($"{Nodes} nodes had keys {Seconds.Of(Last(herd, HerdEvent.Keyed, started))} after the start");
        long struck = FaultRun.Now;
        await federation.KillAsync(ProcessFederation.Server);
        await herd.UntilAllAsync(HerdEvent.Retrying, Tries, struck, workshop.Patience, cancellation);
        int from = federation.Events.Now;
        await federation.StartServerAsync(cancellation);
        long back = FaultRun.Now;
        await herd.UntilAllAsync(HerdEvent.Joined, 1, back - Stopwatch.Frequency, workshop.Patience, cancellation);
        await herd.UntilAllAsync(HerdEvent.Keyed, 1, struck, workshop.Patience, cancellation);
        var commit = await federation.CommitAsync(from, cancellation);

        var joined = herd.FirstSince(HerdEvent.Joined, struck);
        run.Findings.Tell($"all back {Seconds.Of(Last(herd, HerdEvent.Joined, back, struck))} after it listened again, at most {Herd.PeakPerSecond(joined)} in a second");
        var keyed = Last(herd, HerdEvent.Keyed, back, struck);
        run.Findings.Require(keyed <= Bound, $"with keys after {Seconds.Of(keyed)}");
        run.Findings.Require(herd.Ended == 0, $"{herd.Ended} turned away for good, {PutOff(federation)} connections put off by the server's limits, first start included");
        run.Findings.Tell($"round {commit.Round} committed");
        run.Recovery = commit.Since(back);
        if (run.Findings.AllHold)
        {
            federation.Succeeded();
        }

        return [run.Result("kill, herd of 500", "server", "all")];
    }

    /// <summary>Connections that came when as many were joining from one address as may.</summary>
    private static int PutOff(ProcessFederation federation)
    {
        // Not there before there was anything to say.
        string audit = Path.Combine(federation.RunFolder, "audit.jsonl");
        return File.Exists(audit) ? SharedFile.ReadEndText(audit, int.MaxValue).Split('\n').Count(line => line.Contains("\"limit_reached\"", StringComparison.Ordinal)) : 0;
    }

    private static TimeSpan Last(Herd herd, HerdEvent kind, long from, long? since = null) => Stopwatch.GetElapsedTime(from, herd.FirstSince(kind, since ?? from)[^1]);
}
