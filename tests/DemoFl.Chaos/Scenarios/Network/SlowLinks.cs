using DemoFl.Chaos.Network;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>Links with little bandwidth or a long way.</summary>
internal sealed class SlowLinks : LinkScenario
{
    private static readonly TimeSpan LongWay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan TooLongWay = TimeSpan.FromSeconds(3);

    /// <summary>The default: the slow leader answers key offers, too, and is waited for.</summary>
    private static readonly TimeSpan KeyDeadline = TimeSpan.FromSeconds(30);

    public override string Name => "slow";

    public override string Did =>
        "the link of a party, then of a leader, delays bytes by 200 ms each way; or has too little bandwidth for a party's vector, a leader's sum, within the deadline; "
        + "a leader's heartbeat connection delays by 3 s";

    public override string Expected =>
        "who is late by less than the deadlines takes part, and no leader is replaced for it; a vector that is too late is left out; a leader whose sum or heartbeats are too late "
        + "is replaced; rounds end within their deadlines";

    protected override int Dimension => 8192;

    private int VectorBytes => sizeof(int) * Dimension;

    protected override IReadOnlyList<LinkCase> Cases =>
    [
        new("delay 200 ms", "party", "all", (run, links) => DelayAsync(run, links, run.Party)),
        new("delay 200 ms", "leader", "all", (run, links) => DelayAsync(run, links, run.Leader)),
        new("low bandwidth", "party", "upload", PartyAsync),
        new("low bandwidth", "leader", "release", LeaderAsync),
        new("delay 3 s", "heartbeat", "training", HeartbeatAsync),
    ];

    private static async Task DelayAsync(FaultRun run, FaultyLinks links, string node)
    {
        var federation = run.Federation;
        int from = federation.Events.Now;
        long struck = FaultRun.Now;
        var link = links[node];
        (link.Up.Delay, link.Down.Delay) = (LongWay, LongWay);
        await federation.CommitAsync(from, run.Cancellation);
        var commits = await federation.CommitsAsync(5, (await federation.CommitAsync(from, run.Cancellation)).Index + 1, run.Cancellation);
        run.Findings.Require(commits.All(c => c.Summed() == federation.Nodes.Count), $"{commits.Count} rounds with all {federation.Nodes.Count}");
        run.Findings.Tell($"{Seconds.Of(commits.Average(c => c.Seconds()))} each");
        run.RequireNoLoss(from);
        run.Recovery = commits[0].Since(struck);
    }

    private async Task PartyAsync(FaultRun run, FaultyLinks links)
    {
        var federation = run.Federation;
        var started = await federation.InTrainingAsync(run.Cancellation);
        links[run.Party].Up.BytesPerSecond = VectorBytes / 12;
        federation.Trainer.Release();
        var end = await run.CommittedAsync(started, federation.Nodes.Count - 1);
        var commits = await federation.CommitsAsync(2, end.Index + 1, run.Cancellation);
        double longest = commits.Max(c => c.Seconds());
        run.Findings.Require(longest <= (UploadDeadline + Slack).TotalSeconds, $"rounds take {Seconds.Of(longest)} at most");
        run.RequireNoLoss(started.Index);

        long healed = FaultRun.Now;
        links[run.Party].Heal();
        await run.RecoverAsync(healed);
    }

    private async Task LeaderAsync(FaultRun run, FaultyLinks links)
    {
        var federation = run.Federation;
        var started = await federation.InTrainingAsync(run.Cancellation);
        long struck = FaultRun.Now;
        links.BulkOf(run.Leader).Up.BytesPerSecond = VectorBytes / 6;
        federation.Trainer.Release();
        var end = await federation.EndOfAsync(started, run.Cancellation);
        run.Findings.Tell(end.IsCommit ? $"round {end.Round} committed" : $"round {end.Round} aborted ({end.Text("reason")})");
        run.Findings.Require(end.Since(struck) <= UploadDeadline + CloseDeadline + Slack, $"after {Seconds.Of(end.Since(struck))}");
        var next = await federation.CommitAsync(end.Index + 1, run.Cancellation);
        run.Findings.Require(!federation.Leaders.Contains(run.Leader), "it leads no more");
        run.Findings.Require(next.Since(struck) <= KeyDeadline + UploadDeadline + CloseDeadline, $"round {next.Round} committed {Seconds.Of(next.Since(struck))} after the fault");
        run.Recovery = next.Since(struck);
    }

    private static async Task HeartbeatAsync(FaultRun run, FaultyLinks links)
    {
        var federation = run.Federation;
        var started = await federation.InTrainingAsync(run.Cancellation);
        long struck = FaultRun.Now;
        var heartbeat = links.HeartbeatOf(run.Leader);
        (heartbeat.Up.Delay, heartbeat.Down.Delay) = (TooLongWay, TooLongWay);
        await run.ReplacedAsync(started.Index, run.Leader, struck);
        federation.Trainer.Release();
        await run.CommittedAsync(started, federation.Nodes.Count);
        await run.RecoverAsync(struck);
    }
}
