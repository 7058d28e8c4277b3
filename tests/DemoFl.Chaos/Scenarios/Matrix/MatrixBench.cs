using DemoFl.Chaos.Network;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios.Matrix;

/// <summary>A federation whose links can be made slow, and the ways to hold its phases open.</summary>
internal sealed class MatrixBench : IAsyncDisposable
{
    private readonly FaultyLinks _links;

    private MatrixBench(ProcessFederation federation, FaultyLinks links, TimeSpan patience)
    {
        (Federation, _links) = (federation, links);
        (Rounds, Terms) = (new RoundHolds(federation, links, patience), new TermHolds(federation));
    }

    public ProcessFederation Federation { get; }

    public RoundHolds Rounds { get; }

    public TermHolds Terms { get; }

    /// <summary>Keys and folders; no process yet.</summary>
    /// <param name="workshop">Where it works.</param>
    /// <param name="tenure">Rounds after which a slot is handed on.</param>
    public static async Task<MatrixBench> PrepareAsync(Workshop workshop, int tenure)
    {
        var links = new FaultyLinks();
        var plan = new FederationPlan
        {
            Dimension = 16_384, RouteOf = links.RouteOf,

            // A process that stands still to hold a phase open is not lost by that.
            Job = new Dictionary<string, string> { ["missed-beats"] = "8", ["election-window"] = "500ms", ["tenure"] = $"{tenure}" },
        };
        return new MatrixBench(await ProcessFederation.PrepareAsync(workshop, plan), links, workshop.Patience);
    }

    /// <summary>Everything runs, and a round is committed.</summary>
    public static async Task<MatrixBench> StartAsync(Workshop workshop, int tenure, CancellationToken cancellation)
    {
        var bench = await PrepareAsync(workshop, tenure);
        try
        {
            await bench.Federation.StartServerAsync(cancellation);
            bench.Federation.StartNodes(bench.Federation.Nodes);
            await bench.Federation.CommitAsync(0, cancellation);
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Federation.DisposeAsync();
        await _links.DisposeAsync();
    }
}
