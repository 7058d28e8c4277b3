using DemoFl.Chaos.Processes;
using DemoFl.Chaos.Strikes;

namespace DemoFl.Chaos.Scenarios;

/// <summary>The server's process ends, alone or with everybody else's, and is started again, at moments all through a round.</summary>
internal sealed class KillAtMoments : IScenario
{
    /// <summary>A server that was killed while leaders released says this when it is started again, and is killed once more.</summary>
    private const string TakenUp = "roundTakenUp";

    private readonly string _role;
    private readonly Func<ProcessFederation, IReadOnlyList<string>> _victims;
    private readonly IReadOnlyList<string> _moments;

    private KillAtMoments(string name, string role, string did, Func<ProcessFederation, IReadOnlyList<string>> victims, IReadOnlyList<string> moments) =>
        (Name, _role, Did, _victims, _moments) = (name, role, did, victims, moments);

    /// <summary>What a server says from one round to the next: an event, or an event and a stage.</summary>
    public static IReadOnlyList<string> AllMoments { get; } =
    [
        "electionStarted", "leadersSeated", "roundStarted", "stageReached Intersecting", "stageReached Agreeing", "stageReached Closing",
        "stageReached Releasing", "stageReached Committing", "round", TakenUp,
    ];

    public string Name { get; }

    public string Did { get; }

    public string Expected =>
        "nodes come back by themselves, the open round commits or is given up, the next one commits, and nothing committed is lost or there twice";

    /// <summary>The server alone.</summary>
    /// <param name="moments">What it has just said when it is killed.</param>
    public static KillAtMoments Server(params IReadOnlyList<string> moments) => new(
        "kill-server", "server", "SIGKILL to the server at moments all through a round; it is started again with --resume, on the same port, with the same key",
        _ => [ProcessFederation.Server], moments);

    /// <summary>Every process of the federation, as when the power fails.</summary>
    /// <param name="moments">Likewise.</param>
    public static KillAtMoments Everybody(params IReadOnlyList<string> moments) => new(
        "kill-all", "all", "SIGKILL to the server and every node at once, at moments all through a round; all are started again, the server with --resume",
        federation => [ProcessFederation.Server, .. federation.Nodes], moments);

    public async Task<IReadOnlyList<ChaosResult>> RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        var plan = new FederationPlan { Job = new Dictionary<string, string> { ["tenure"] = "1" } };
        await using var federation = await ProcessFederation.StartAsync(workshop, plan, cancellation);
        await federation.CommitAsync(0, cancellation);
        var results = new List<ChaosResult>();
        foreach (string moment in _moments)
        {
            workshop.Tell($"  waiting for {moment}");
            var strike = moment == TakenUp ? await TwiceAsync(federation, cancellation) : await OnceAsync(federation, moment, cancellation);
            var after = await Aftermath.OfAsync(federation, strike, () => { }, cancellation);
            results.Add(new ChaosResult("kill", _role, strike.Moment.Phase.Word(), $"killed at {moment}: {after}", after.IsWell, after.Recovery));
        }

        federation.Succeeded(results.TrueForAll(r => r.Ok));
        return results;
    }

    private Task<Strike> OnceAsync(ProcessFederation federation, string moment, CancellationToken cancellation)
    {
        string[] words = moment.Split(' ');
        return Strike.OnAsync(
            federation, e => e.IsOfServer && e.Kind == words[0] && (words.Length == 1 || e.Text("stage") == words[1]), () => _victims(federation),
            $"the server says {moment}", cancellation);
    }

    private async Task<Strike> TwiceAsync(ProcessFederation federation, CancellationToken cancellation)
    {
        while (true)
        {
            await Strike.OnAsync(federation, e => e.Reached("Releasing"), () => [ProcessFederation.Server], "leaders release", cancellation);

            // It listens right after that, or instead, where the first blow came when all was committed.
            var again = Strike.OnAsync(
                federation, e => e.IsOfServer && e.Kind is TakenUp or "listening", () => [ProcessFederation.Server], "the server takes a round up", cancellation);
            federation.LaunchServer();
            var strike = await again;
            if (strike.Moment.Round is not null)
            {
                return strike;
            }

            await federation.StartServerAsync(cancellation);
        }
    }
}
