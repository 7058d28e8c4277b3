using System.Diagnostics;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios;

/// <summary>A leader's process ends while the parties of a round train.</summary>
internal sealed class KillLeader : IScenario
{
    public string Name => "kill-leader";

    public string Did => "SIGKILL to the process of a leader while all parties train; it is started again with its key";

    public string Expected => "another node takes its slot, the round is committed, nobody trains twice in it, and the next round has the killed node in it";

    public async Task<IReadOnlyList<ChaosResult>> RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        await using var federation = await ProcessFederation.StartAsync(workshop, new FederationPlan(), cancellation);
        await federation.CommitAsync(0, cancellation);
        ulong round = await federation.HoldTrainingAsync(cancellation);
        string leader = federation.Leaders[0];
        long struck = Stopwatch.GetTimestamp();
        int from = federation.Events.Now;
        await federation.KillAsync(leader);
        federation.StartNodes(leader);
        var resumed = await federation.ServerSaysAsync(from, "resumed", cancellation);
        federation.Trainer.Release();
        var commit = await federation.CommitAsync(from, cancellation);
        await federation.WholeCommitAsync(from, cancellation, round + 1);
        var facts = federation.Facts();
        int again = federation.Nodes.Count(n => federation.Trainer.CallsOf(n, round) > 1);
        bool ok = facts.AreRight && commit.Round == round && again == 0;
        federation.Succeeded(ok);
        return
        [
            new ChaosResult(
                "kill", "leader", "training", $"round {round} went on with another leader and was committed; {again} trained again; {facts}", ok,
                Stopwatch.GetElapsedTime(struck, resumed.At)),
        ];
    }
}
