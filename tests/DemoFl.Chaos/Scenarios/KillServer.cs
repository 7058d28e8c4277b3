using DemoFl.Chaos.Processes;
using DemoFl.Chaos.Strikes;

namespace DemoFl.Chaos.Scenarios;

/// <summary>The server's process ends, and is started again, at moments all through a round.</summary>
/// <param name="moments">What the server has just said when it is killed: an event, or an event and a stage.</param>
internal sealed class KillServer(params IReadOnlyList<string> moments) : IScenario
{
    /// <summary>All through a round.</summary>
    public static IReadOnlyList<string> AllMoments { get; } =
    [
        "electionStarted", "leadersSeated", "roundStarted", "stageReached Intersecting", "stageReached Agreeing", "stageReached Closing", "stageReached Releasing",
        "stageReached Committing", "round",
    ];

    public string Name => "kill-server";

    public string Did => "SIGKILL to the server at moments all through a round; it is started again with --resume, on the same port, with the same key";

    public string Expected => "nodes come back by themselves, the open round commits or is given up, the next one commits, and nothing committed is lost or there twice";

    public async Task<IReadOnlyList<ChaosResult>> RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        var plan = new FederationPlan { Job = new Dictionary<string, string> { ["tenure"] = "1" } };
        await using var federation = await ProcessFederation.StartAsync(workshop, plan, cancellation);
        await federation.CommitAsync(0, cancellation);
        var results = new List<ChaosResult>();
        foreach (string moment in moments)
        {
            workshop.Tell($"  waiting for {moment}");
            string[] words = moment.Split(' ');
            var strike = await Strike.OnAsync(
                federation, e => e.IsOfServer && e.Kind == words[0] && (words.Length == 1 || e.Text("stage") == words[1]), () => [ProcessFederation.Server],
                $"the server says {moment}", cancellation);
            var after = await Aftermath.OfAsync(federation, strike, () => { }, cancellation);
            results.Add(new ChaosResult("kill", "server", strike.Moment.Phase.Word(), $"killed as it said {moment}: {after}", after.IsWell, after.Recovery));
        }

        if (results.TrueForAll(r => r.Ok))
        {
            federation.Succeeded();
        }

        return results;
    }
}
