namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>Links with little bandwidth or a long way.</summary>
internal sealed class SlowLinks : LinkScenario
{
    private static readonly TimeSpan LongWay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan TooLongWay = TimeSpan.FromSeconds(3);

    public override string Name => "slow";

    public override string Did =>
        "the link of a party, then of a leader, delays bytes by 200 ms each way; or has too little bandwidth for a party's vector, a leader's sum, within the deadline of 3 s; "
        + "a leader's heartbeat connection delays by 3 s";

    public override string Expected =>
        "who is late by less than the deadlines takes part, and no leader is replaced for it; a vector that is too late is left out; a leader whose sum or heartbeats are too late "
        + "is replaced; rounds end within their deadlines";

    protected override int Dimension => 8192;

    private int VectorBytes => sizeof(int) * Dimension;

    protected override IReadOnlyList<LinkCase> Cases =>
    [
        new("delay 200 ms", "party", "all", run => DelayAsync(run, run.Party)),
        new("delay 200 ms", "leader", "all", run => DelayAsync(run, run.Leader)),
        new("low bandwidth", "party", "upload", PartyAsync),
        new("low bandwidth", "leader", "release", LeaderAsync),
        new("delay 3 s", "heartbeat", "training", HeartbeatAsync),
    ];

    private static async Task DelayAsync(LinkRun run, string node)
    {
        var federation = run.Federation;
        int from = federation.Events.Now;
        long struck = LinkRun.Now;
        var link = run.Links[node];
        (link.Up.Delay, link.Down.Delay) = (LongWay, LongWay);
        await federation.CommitAsync(from, run.Cancellation);
        var commits = await federation.CommitsAsync(5, (await federation.CommitAsync(from, run.Cancellation)).Index + 1, run.Cancellation);
        run.Findings.Require(commits.All(c => c.Summed() == federation.Nodes.Count), $"{commits.Count} rounds with all {federation.Nodes.Count}");
        run.Findings.Tell($"{Seconds.Of(commits.Average(c => c.Seconds()))} each");
        run.RequireNoLoss(from);
        run.Recovery = commits[0].Since(struck);
    }

    private async Task PartyAsync(LinkRun run)
    {
        var federation = run.Federation;
        var started = await federation.InTrainingAsync(run.Cancellation);
        run.Links[run.Party].Up.BytesPerSecond = VectorBytes / 8;
        federation.Trainer.Release();
        var end = await run.CommittedAsync(started, federation.Nodes.Count - 1);
        var commits = await federation.CommitsAsync(2, end.Index + 1, run.Cancellation);
        double longest = commits.Max(c => c.Seconds());
        run.Findings.Require(longest <= (RoundDeadline + Slack).TotalSeconds, $"rounds take {Seconds.Of(longest)} at most");
        run.RequireNoLoss(started.Index);

        long healed = LinkRun.Now;
        run.Links[run.Party].Heal();
        await run.RecoverAsync(healed);
    }

    private async Task LeaderAsync(LinkRun run)
    {
        var federation = run.Federation;
        var started = await federation.InTrainingAsync(run.Cancellation);
        long struck = LinkRun.Now;
        run.Links.BulkOf(run.Leader).Up.BytesPerSecond = VectorBytes / 12;
        federation.Trainer.Release();
        var end = await federation.EndOfAsync(started, run.Cancellation);
        run.Findings.Tell(end.IsCommit ? $"round {end.Round} committed" : $"round {end.Round} aborted ({end.Text("reason")})");
        run.Findings.Require(end.Since(struck) <= 3 * RoundDeadline + Slack, $"after {Seconds.Of(end.Since(struck))}");
        var next = await federation.CommitAsync(end.Index + 1, run.Cancellation);
        run.Findings.Require(!federation.Leaders.Contains(run.Leader), "it leads no more");
        run.Findings.Require(next.Since(struck) <= 6 * RoundDeadline, $"round {next.Round} committed {Seconds.Of(next.Since(struck))} after the fault");
        run.Recovery = next.Since(struck);
    }

    private static async Task HeartbeatAsync(LinkRun run)
    {
        var federation = run.Federation;
        var started = await federation.InTrainingAsync(run.Cancellation);
        long struck = LinkRun.Now;
        var heartbeat = run.Links.HeartbeatOf(run.Leader);
        (heartbeat.Up.Delay, heartbeat.Down.Delay) = (TooLongWay, TooLongWay);
        await run.ReplacedAsync(started.Index, run.Leader, struck);
        federation.Trainer.Release();
        await run.CommittedAsync(started, federation.Nodes.Count);
        await run.RecoverAsync(struck);
    }
}
