using System.Collections.Concurrent;
using System.Diagnostics;
using DemoFl.Chaos.Network;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>Nodes that take what the server sends them by and by.</summary>
internal sealed class SlowReader : IScenario
{
    /// <summary>A model of 512 KiB.</summary>
    private const int Dimension = 131_072;

    private const int SlowBytesPerSecond = 2048;
    private const int Readers = 3;
    private const int MaxGrowthMiB = 64;

    /// <summary>Longer than the 30 s in which a receiver must take something, and the pings' 20 s.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(40);

    public string Name => "slow-reader";

    public string Did => "three of eight nodes read at 2 kB/s, all connections together, for 40 s, when the model has 524 kB; then at full speed";

    public string Expected =>
        "the others get the model and train as soon as before, their rounds are committed by the upload deadline, the server's memory stays within 64 MiB of what it was, "
        + "and the slow ones take part again by themselves";

    public async Task<IReadOnlyList<ChaosResult>> RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        await using var links = new FaultyLinks();
        var plan = new FederationPlan
        {
            Dimension = Dimension, RouteOf = links.RouteOf, Job = new Dictionary<string, string> { ["upload-deadline"] = "4s", ["close-deadline"] = "4s" },
        };
        await using var federation = await ProcessFederation.StartAsync(workshop, plan, cancellation);
        var asked = new ConcurrentDictionary<(string Party, ulong Round), long>();
        federation.Trainer.Asked += (party, round) => asked.TryAdd((party, round), Stopwatch.GetTimestamp());

        // The first rounds also wait for the just-in-time compiler.
        await federation.CommitsAsync(3, 0, cancellation);
        var run = new FaultRun(federation, cancellation);
        int server = federation.Of(ProcessFederation.Server).Id;
        string[] slow = [.. federation.Followers.Take(Readers)];
        var before = await federation.CommitsAsync(5, federation.Events.Now, cancellation);
        long memory = ResidentMemory.MiBOf(server);
        await using var peak = ResidentMemory.Watch(server);
        int from = federation.Events.Now;
        Array.ForEach(slow, node => links[node].Down.BytesPerSecond = SlowBytesPerSecond);
        var during = await federation.CommitsForAsync(Slow, cancellation);

        double usual = Median(WaitsIn(federation, asked, before, slow)), while3 = Median(WaitsIn(federation, asked, during, slow));
        run.Findings.Require(while3 <= (3 * usual) + 0.5, $"the others have the model after {Seconds.Of(while3)} (before: {Seconds.Of(usual)})");
        run.Findings.Require(during.All(c => c.Summed() >= federation.Nodes.Count - Readers), $"{during.Count} rounds committed with all others");
        run.Findings.Require(during.Max(c => c.Seconds()) <= 4 + 4, $"within {Seconds.Of(during.Max(c => c.Seconds()))}");
        run.Findings.Require(peak.PeakMiB - memory <= MaxGrowthMiB, $"server {memory} MiB before, at most {peak.PeakMiB} MiB");
        run.RequireNoLoss(from);

        long healed = FaultRun.Now;
        Array.ForEach(slow, node => links[node].Heal());
        await run.RecoverAsync(healed);
        if (run.Findings.AllHold)
        {
            federation.Succeeded();
        }

        return [run.Result("slow reader", "party", "all")];
    }

    /// <summary>From a round's opening until a party has the model and begins to train, in seconds, of those that are not slow.</summary>
    private static double[] WaitsIn(
        ProcessFederation federation, ConcurrentDictionary<(string Party, ulong Round), long> asked, IReadOnlyList<ChaosEvent> commits, string[] slow)
    {
        var opened = federation.Events.All.Where(e => e.IsOfServer && e.Kind == "roundStarted").ToDictionary(e => e.Round!.Value, e => e.At);
        return
        [
            .. commits.SelectMany(c => federation.Nodes.Except(slow).Where(n => asked.ContainsKey((n, c.Round!.Value)))
                .Select(n => Stopwatch.GetElapsedTime(opened[c.Round!.Value], asked[(n, c.Round!.Value)]).TotalSeconds)),
        ];
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
