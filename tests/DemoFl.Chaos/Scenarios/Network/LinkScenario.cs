using DemoFl.Chaos.Network;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>Faults of the TCP links between nodes and server, one after the other in one federation; after each the links are mended and all nodes take part again.</summary>
internal abstract class LinkScenario : IScenario
{
    /// <summary>The rounds' upload deadline.</summary>
    protected static readonly TimeSpan UploadDeadline = TimeSpan.FromSeconds(6);

    /// <summary>Their close deadline.</summary>
    protected static readonly TimeSpan CloseDeadline = TimeSpan.FromSeconds(3);

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
            Job = new Dictionary<string, string> { ["election-window"] = "500ms", ["upload-deadline"] = $"{UploadDeadline.TotalSeconds}s", ["close-deadline"] = $"{CloseDeadline.TotalSeconds}s" },
        };
        await using var federation = await ProcessFederation.StartAsync(workshop, plan, cancellation);
        var results = new List<ChaosResult>();
        foreach (var item in Cases)
        {
            await federation.WholeAsync(federation.Events.Now, cancellation);
            var run = new FaultRun(federation, cancellation);
            await item.Run(run, links);
            Mend(federation, links);
            results.Add(run.Result(item.Fault, item.Role, item.Phase));
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
