using DemoFl.Chaos.Strikes;

namespace DemoFl.Chaos.Scenarios.Matrix;

/// <summary>Every role is killed in every phase.</summary>
internal sealed class KillMatrix : IScenario
{
    private static readonly Role[] Roles = Enum.GetValues<Role>();

    public string Name => "matrix";

    public string Did =>
        "SIGKILL to a party, a leader, all leaders and the server in every phase, from joining to committing; what was killed is started again at once";

    public string Expected =>
        "the open round is committed or aborted, the next one is committed, nothing committed is lost or there twice, and all models equal the oracle";

    /// <summary>While the server waits for the last node.</summary>
    internal static IEnumerable<Cell> Joining => Roles.Select(role =>
    {
        string? remark = role switch
        {
            Role.Leader => "nobody leads yet: a node that would stand was killed; ",
            Role.AllLeaders => "nobody leads yet: as many nodes that would stand were killed; ",
            _ => null,
        };
        return new Cell(role, Phase.Join, (bench, stop) => KillAtJoinAsync(bench, role, stop), remark);
    });

    /// <summary>Where a slot is handed on after each round.</summary>
    internal static IEnumerable<Cell> BetweenRounds =>
    [
        .. Roles.Select(role => new Cell(role, Phase.Election, (bench, stop) => KillAtElectionAsync(bench, role, stop))),
        .. Roles.Select(role => new Cell(role, Phase.Keys, (bench, stop) => KillAtKeysAsync(bench, role, stop))),
    ];

    /// <summary>From a round's opening to its commit.</summary>
    internal static IEnumerable<Cell> InRounds =>
    [
        .. Held(Phase.Training, (holds, role, stop) => holds.TrainingAsync(role, stop)),
        .. Held(Phase.Announce, (holds, role, stop) => holds.AnnounceAsync(role, stop)),
        .. Held(Phase.Upload, (holds, role, stop) => holds.UploadAsync(role, stop)),
        .. Held(Phase.Intersect, (holds, role, stop) => holds.IntersectAsync(role, stop)),
        .. Held(Phase.Release, (holds, role, stop) => holds.ReleaseAsync(role, slowOne: true, stop)),
        new(
            Role.Leader, Phase.Release, (bench, stop) => StrikeAsync(bench, bench.Rounds.ReleaseAsync(Role.Leader, slowOne: false, stop), stop),
            "its sum was handed out; "),
        .. Roles.Select(role => new Cell(role, Phase.Commit, (bench, stop) => KillAtCommitAsync(bench, role, stop))),
    ];

    public async Task<IReadOnlyList<ChaosResult>> RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        var results = new List<ChaosResult>();
        foreach (var cell in Joining)
        {
            results.AddRange(await RunAsync(workshop, [cell], () => MatrixBench.PrepareAsync(workshop, tenure: 10), cancellation));
        }

        results.AddRange(await RunAsync(workshop, BetweenRounds, () => MatrixBench.StartAsync(workshop, tenure: 1, cancellation), cancellation));
        results.AddRange(await RunAsync(workshop, InRounds, () => MatrixBench.StartAsync(workshop, tenure: 10, cancellation), cancellation));
        return results;
    }

    /// <summary>One after the other in one federation; after a cell that did not come out well, in a new one.</summary>
    private static async Task<List<ChaosResult>> RunAsync(
        Workshop workshop, IEnumerable<Cell> cells, Func<Task<MatrixBench>> start, CancellationToken cancellation)
    {
        var results = new List<ChaosResult>();
        MatrixBench? bench = null;
        try
        {
            foreach (var cell in cells)
            {
                workshop.Tell($"  {cell.Who} at {cell.Phase.Word()}");
                bench ??= await start();
                results.Add(await RunAsync(cell, bench, cancellation));
                if (!results[^1].Ok)
                {
                    await bench.DisposeAsync();
                    bench = null;
                }
            }

            bench?.Federation.Succeeded();
            return results;
        }
        finally
        {
            if (bench is not null)
            {
                await bench.DisposeAsync();
            }
        }
    }

    private static async Task<ChaosResult> RunAsync(Cell cell, MatrixBench bench, CancellationToken cancellation)
    {
        try
        {
            return await cell.RunAsync(bench, cancellation);
        }
        catch (ChaosException e)
        {
            return cell.Failed(e.Message);
        }
    }

    private static IEnumerable<Cell> Held(Phase phase, Func<RoundHolds, Role, CancellationToken, Task<HeldPhase>> hold) =>
        Roles.Select(role => new Cell(role, phase, (bench, stop) => StrikeAsync(bench, hold(bench.Rounds, role, stop), stop)));

    private static async Task<(Strike Strike, Aftermath After)> KillAtJoinAsync(MatrixBench bench, Role role, CancellationToken cancellation)
    {
        var federation = bench.Federation;
        string last = federation.Nodes[^1];
        await federation.StartServerAsync(cancellation);
        federation.StartNodes(federation.Nodes.Where(n => n != last));
        await federation.ServerSaysAsync(0, "waitingForNodes", cancellation, e => (int?)e.Line["present"] == federation.Nodes.Count - 1);
        var strike = await Strike.NowAsync(federation, bench.Terms.VictimsAtJoin(role));
        return (strike, await Aftermath.OfAsync(federation, strike, () => federation.StartNodes(last), cancellation));
    }

    private static async Task<(Strike Strike, Aftermath After)> KillAtElectionAsync(MatrixBench bench, Role role, CancellationToken cancellation)
    {
        var strike = await Strike.OnAsync(
            bench.Federation, e => e.IsOfServer && e.Kind == "electionStarted", () => bench.Terms.VictimsOfElection(role), "an election begins", cancellation);
        return (strike, await Aftermath.OfAsync(bench.Federation, strike, () => bench.Rounds.Cut(strike.Victims), cancellation));
    }

    private static async Task<(Strike Strike, Aftermath After)> KillAtKeysAsync(MatrixBench bench, Role role, CancellationToken cancellation)
    {
        var federation = bench.Federation;
        string still = await bench.Terms.HoldKeysAsync(cancellation);
        var strike = await Strike.NowAsync(federation, bench.Rounds.VictimsOf(role));
        return (strike, await Aftermath.OfAsync(federation, strike, () => federation.Continue(still), cancellation));
    }

    private static async Task<(Strike Strike, Aftermath After)> KillAtCommitAsync(MatrixBench bench, Role role, CancellationToken cancellation)
    {
        var strike = await Strike.OnAsync(
            bench.Federation, e => e.Reached("Committing"), () => bench.Rounds.VictimsOf(role), "a round is being committed", cancellation);
        return (strike, await Aftermath.OfAsync(bench.Federation, strike, () => bench.Rounds.Cut(strike.Victims), cancellation));
    }

    private static async Task<(Strike Strike, Aftermath After)> StrikeAsync(MatrixBench bench, Task<HeldPhase> holding, CancellationToken cancellation)
    {
        var held = await holding;
        var strike = await Strike.NowAsync(bench.Federation, held.Victims);
        return (strike, await Aftermath.OfAsync(bench.Federation, strike, LetGo, cancellation));

        void LetGo()
        {
            bench.Rounds.Cut(strike.Victims);
            held.LetGo();
        }
    }
}
