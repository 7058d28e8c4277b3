using DemoFl.Chaos.Network;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>Connections that stay open and pass nothing.</summary>
internal sealed class StalledLinks : LinkScenario
{
    /// <summary>For the server to find that nobody is there: ten seconds of silence, ten for a ping's answer, and the round that is open then.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(32);

    public override string Name => "stalled";

    public override string Did => "all connections of a party, of a leader, and the heartbeat connection of a leader pass nothing any more and stay open; then they pass again";

    public override string Expected =>
        "the party misses rounds that end at their upload deadline, until the server's pings find it gone and nobody waits; the leader is replaced in time and its round "
        + "committed; afterwards all take part again by themselves";

    protected override IReadOnlyList<LinkCase> Cases =>
    [
        new("stall", "party", "training", PartyAsync),
        new("stall", "leader", "training", LeaderAsync),
        new("stall", "heartbeat", "training", HeartbeatAsync),
    ];

    private static async Task PartyAsync(FaultRun run, FaultyLinks links)
    {
        var federation = run.Federation;
        var started = await federation.InTrainingAsync(run.Cancellation);
        int others = federation.Nodes.Count - 1;
        long struck = FaultRun.Now;
        links[run.Party].Stall();
        federation.Trainer.Release();
        var end = await run.CommittedAsync(started, others);
        run.Findings.Require(end.Since(struck) <= UploadDeadline + Slack, $"after {Seconds.Of(end.Since(struck))}");

        var without = await federation.ServerSaysAsync(end.Index, "roundStarted", run.Cancellation, e => e.Selected() == others);
        run.Findings.Require(without.Since(struck) <= Notice, $"found gone after {Seconds.Of(without.Since(struck))}");
        var commits = await federation.CommitsAsync(3, (await federation.EndOfAsync(without, run.Cancellation)).Index, run.Cancellation);
        double longest = commits.Max(c => c.Seconds());
        run.Findings.Require(longest < UploadDeadline.TotalSeconds / 2, $"then rounds of {others} take {Seconds.Of(longest)} at most");
        run.RequireNoLoss(started.Index);

        long healed = FaultRun.Now;
        links[run.Party].Heal();
        await run.RecoverAsync(healed);
    }

    private static async Task LeaderAsync(FaultRun run, FaultyLinks links)
    {
        var federation = run.Federation;
        var started = await federation.InTrainingAsync(run.Cancellation);
        long struck = FaultRun.Now;
        links[run.Leader].Stall();
        await run.ReplacedAsync(started.Index, run.Leader, struck);
        federation.Trainer.Release();
        await run.CommittedAsync(started, federation.Nodes.Count - 1);

        long healed = FaultRun.Now;
        links[run.Leader].Heal();
        await run.RecoverAsync(healed);
    }

    private static async Task HeartbeatAsync(FaultRun run, FaultyLinks links)
    {
        var federation = run.Federation;
        var started = await federation.InTrainingAsync(run.Cancellation);
        long struck = FaultRun.Now;
        var heartbeat = links.HeartbeatOf(run.Leader);
        heartbeat.Up.Stall();
        heartbeat.Down.Stall();
        await run.ReplacedAsync(started.Index, run.Leader, struck);
        federation.Trainer.Release();

        // It is a party as good as any: only its beats are lost.
        await run.CommittedAsync(started, federation.Nodes.Count);
        heartbeat.Up.Resume();
        heartbeat.Down.Resume();
        await run.RecoverAsync(struck);
    }
}
