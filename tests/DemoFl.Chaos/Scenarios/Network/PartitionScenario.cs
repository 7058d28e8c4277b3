using DemoFl.Chaos.Network;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>
/// Packets between the server and a node are lost, in a network of namespaces, and then no more. Unlike a process that dies, or a link that a proxy
/// breaks, nobody is told anything.
/// </summary>
/// <param name="name">As the command line knows it.</param>
/// <param name="did">What it does.</param>
/// <param name="ways">The ways that are cut, one after the other.</param>
internal sealed class PartitionScenario(string name, string did, params Cut[] ways) : IScenario
{
    /// <summary>For the server to find that nobody is there: ten seconds of silence, ten for a ping's answer, and a round that is open then.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(32);

    public static PartitionScenario BothWays { get; } = new("partition", "all packets between the server and a leader, then a party, are lost in silence; then none any more", Cut.BothWays);

    public static PartitionScenario OneWay { get; } = new(
        "one-way-partition", "only what a leader, then a party, sends is lost in silence, or only what it is sent; then nothing any more", Cut.TowardsServer, Cut.TowardsNode);

    public string Name => name;

    public string Did => did;

    public string Expected =>
        "the leader is replaced within 3 s and its round committed without it; the party misses rounds until the server's pings find it gone and nobody waits; "
        + "healed, both take part again by themselves";

    public async Task<IReadOnlyList<ChaosResult>> RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        if (await NetworkNamespaces.MissingAsync() is { } missing)
        {
            return [.. ways.SelectMany(way => new[] { ChaosResult.Skip(FaultOf(way), "leader", missing), ChaosResult.Skip(FaultOf(way), "party", missing) })];
        }

        var plan = new FederationPlan
        {
            Listen = "0.0.0.0",
            Job = new Dictionary<string, string> { ["election-window"] = "500ms", ["upload-deadline"] = "6s", ["close-deadline"] = "3s" },
        };
        await using var network = await NetworkNamespaces.CreateAsync(plan.Nodes);
        plan = plan with
        {
            LaunchOf = process => new Launch { Prefix = NetworkNamespaces.Enter(process == ProcessFederation.Server ? network.Server : network[IndexOf(process)]), Arguments = ["--insecure"] },
            RouteOf = (node, server) => new UriBuilder(server) { Host = NetworkNamespaces.ServerAddress(IndexOf(node)).ToString() }.Uri,
        };
        await using var federation = await ProcessFederation.StartAsync(workshop, plan, cancellation);
        var results = new List<ChaosResult>();
        foreach (var way in ways)
        {
            results.Add(await LeaderAsync(await BeginAsync(federation, cancellation), network, way));
            results.Add(await PartyAsync(await BeginAsync(federation, cancellation), network, way));
        }

        if (results.All(r => r.Ok))
        {
            federation.Succeeded();
        }

        return results;
    }

    private static async Task<FaultRun> BeginAsync(ProcessFederation federation, CancellationToken cancellation)
    {
        await federation.WholeAsync(federation.Events.Now, cancellation);
        return new FaultRun(federation, cancellation);
    }

    private static async Task<ChaosResult> LeaderAsync(FaultRun run, NetworkNamespaces network, Cut way)
    {
        var federation = run.Federation;
        var started = await federation.InTrainingAsync(run.Cancellation);
        long struck = FaultRun.Now;
        await network.CutAsync(IndexOf(run.Leader), way);
        await run.ReplacedAsync(started.Index, run.Leader, struck);
        federation.Trainer.Release();
        await run.CommittedAsync(started, federation.Nodes.Count - 1);
        await HealAsync(run, network, run.Leader, way);
        return run.Result(FaultOf(way), "leader", "training");
    }

    private static async Task<ChaosResult> PartyAsync(FaultRun run, NetworkNamespaces network, Cut way)
    {
        var federation = run.Federation;
        int others = federation.Nodes.Count - 1;
        var started = await federation.InTrainingAsync(run.Cancellation);
        long struck = FaultRun.Now;
        await network.CutAsync(IndexOf(run.Party), way);
        federation.Trainer.Release();
        await run.CommittedAsync(started, others);
        var without = await federation.ServerSaysAsync(started.Index, "roundStarted", run.Cancellation, e => e.Selected() == others);
        run.Findings.Require(without.Since(struck) <= Notice, $"found gone after {Seconds.Of(without.Since(struck))}");
        run.RequireNoLoss(started.Index);
        await HealAsync(run, network, run.Party, way);
        return run.Result(FaultOf(way), "party", "training");
    }

    private static async Task HealAsync(FaultRun run, NetworkNamespaces network, string node, Cut way)
    {
        bool toServer = await network.PassesAsync(IndexOf(node), Cut.TowardsServer);
        bool toNode = await network.PassesAsync(IndexOf(node), Cut.TowardsNode);
        run.Findings.Require(toServer != way.HasFlag(Cut.TowardsServer) && toNode != way.HasFlag(Cut.TowardsNode), "the wire was cut until then");
        long healed = FaultRun.Now;
        await network.HealAsync(IndexOf(node));
        await run.RecoverAsync(healed);
    }

    private static int IndexOf(string node) => int.Parse(node["node-".Length..], System.Globalization.CultureInfo.InvariantCulture) - 1;

    private static string FaultOf(Cut way) => way switch
    {
        Cut.TowardsServer => "cut towards server",
        Cut.TowardsNode => "cut towards node",
        _ => "cut both ways",
    };
}
