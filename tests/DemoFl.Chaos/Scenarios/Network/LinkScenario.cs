using DemoFl.Chaos.Network;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>Faults of the TCP links between nodes and server, one after the other in one federation; after each the links are mended and all nodes take part again.</summary>
internal abstract class LinkScenario : IScenario
{
    /// <summary>L1: three heartbeats of 500 ms, an election window of 500 ms, and a second.</summary>
    public static readonly TimeSpan ReplacementBound = TimeSpan.FromSeconds(3);

    /// <summary>The rounds' upload deadline, and their close deadline.</summary>
    protected static readonly TimeSpan RoundDeadline = TimeSpan.FromSeconds(3);

    /// <summary>What a round that ran into its upload deadline may take beyond it, on a busy machine.</summary>
    protected static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    public abstract string Name { get; }

    public abstract string Did { get; }

    public abstract string Expected { get; }

    /// <summary>d: the vector has four bytes for each.</summary>
    protected virtual int Dimension => 256;

    protected abstract IReadOnlyList<LinkCase> Cases { get; }

    public async Task<IReadOnlyList<ChaosResult>> RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        await using var links = new FaultyLinks();
        var plan = new FederationPlan
        {
            Dimension = Dimension, RouteOf = links.RouteOf,
            Job = new Dictionary<string, string> { ["election-window"] = "500ms", ["upload-deadline"] = "3s", ["close-deadline"] = "3s" },
        };
        await using var federation = await ProcessFederation.StartAsync(workshop, plan, cancellation);
        var results = new List<ChaosResult>();
        foreach (var item in Cases)
        {
            await federation.WholeAsync(federation.Events.Now, cancellation);
            var run = new LinkRun(federation, links, cancellation);
            await item.Run(run);
            Mend(federation, links);
            var facts = federation.Facts();
            run.Findings.Require(facts.AreRight, facts.ToString());
            results.Add(new ChaosResult(item.Fault, item.Role, item.Phase, run.Findings.ToString(), run.Findings.AllHold, run.Recovery));
        }

        if (results.All(r => r.Ok))
        {
            federation.Succeeded();
        }

        return results;
    }

    private static void Mend(ProcessFederation federation, FaultyLinks links)
    {
        federation.Trainer.Release();
        foreach (string node in federation.Nodes)
        {
            links[node].Heal();
        }
    }
}
