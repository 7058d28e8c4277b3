using DemoFl.Chaos.Network;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>Connections that are reset.</summary>
internal sealed class ResetLinks : LinkScenario
{
    public override string Name => "reset";

    public override string Did =>
        "RST to all connections of a party and of a leader while they train, to a party's bulk connection in the middle of its vector, and to a leader's heartbeat connection";

    public override string Expected =>
        "the party may miss that round; the leader's slot is filled anew and the round committed; a heartbeat connection is opened again and nobody replaced; "
        + "everybody is back in a moment";

    protected override int Dimension => 8192;

    private int VectorBytes => sizeof(int) * Dimension;

    protected override IReadOnlyList<LinkCase> Cases =>
    [
        new("reset", "party", "training", PartyAsync),
        new("reset", "party", "upload", UploadAsync),
        new("reset", "leader", "training", LeaderAsync),
        new("reset", "heartbeat", "training", HeartbeatAsync),
    ];

    private static async Task PartyAsync(FaultRun run, FaultyLinks links)
    {
        var federation = run.Federation;
        var started = await federation.InTrainingAsync(run.Cancellation);
        long struck = FaultRun.Now;
        links[run.Party].ResetAll();
        federation.Trainer.Release();
        await run.CommittedAsync(started, federation.Nodes.Count - 1, federation.Nodes.Count);
        await run.RecoverAsync(struck);
        run.RequireNoLoss(started.Index);
    }

    private async Task UploadAsync(FaultRun run, FaultyLinks links)
    {
        var federation = run.Federation;
        var started = await federation.InTrainingAsync(run.Cancellation);
        var bulk = links.BulkOf(run.Party);
        long before = bulk.Up.PassedBytes;
        bulk.Up.BytesPerSecond = VectorBytes / 2;
        federation.Trainer.Release(run.Party);
        await bulk.Up.UntilPassedAsync(before + (VectorBytes / 4), run.Cancellation);
        long struck = FaultRun.Now;
        bulk.Reset();
        federation.Trainer.Release();
        await run.CommittedAsync(started, federation.Nodes.Count - 1, federation.Nodes.Count);
        await run.RecoverAsync(struck);
        run.RequireNoLoss(started.Index);
    }

    private static async Task LeaderAsync(FaultRun run, FaultyLinks links)
    {
        var federation = run.Federation;
        var started = await federation.InTrainingAsync(run.Cancellation);
        long struck = FaultRun.Now;
        links[run.Leader].ResetAll();
        await run.ReplacedAsync(started.Index, run.Leader, struck);
        federation.Trainer.Release();
        await run.CommittedAsync(started, federation.Nodes.Count - 1, federation.Nodes.Count);
        await run.RecoverAsync(struck);
    }

    private static async Task HeartbeatAsync(FaultRun run, FaultyLinks links)
    {
        var federation = run.Federation;
        var started = await federation.InTrainingAsync(run.Cancellation);
        long struck = FaultRun.Now;
        links.HeartbeatOf(run.Leader).Reset();
        federation.Trainer.Release();
        await run.CommittedAsync(started, federation.Nodes.Count);
        await run.RecoverAsync(struck);

        // Longer than three heartbeats.
        await federation.CommitsForAsync(FaultRun.ReplacementBound, run.Cancellation);
        run.RequireNoLoss(started.Index);
    }
}
