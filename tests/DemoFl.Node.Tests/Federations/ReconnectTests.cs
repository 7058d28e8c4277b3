using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>L4: nodes come back by themselves.</summary>
public sealed class ReconnectTests
{
    private const int Connected = 101;

    [Fact]
    public async Task Run_LeadersWireIsCut_RejoinsByItselfAndANewTermGoesOn()
    {
        var gate = new Gate(new Round(2));
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 4, rounds: 3));
        await using var wire = new Wire(federation.Address);

        // With two others there are just three candidates: the one on the wire leads.
        federation.JoinAll([gate.Trainer(), gate.Trainer()]);
        federation.Join("guest", gate.Trainer(), o => o with { CanLead = false });
        var remote = federation.Join("remote", gate.Trainer(), o => o with { Server = wire.Address });
        await federation.Events.WhenAsync<CoordinatorEvent.RoundStarted>(e => e.Spec.Round == new Round(2));

        wire.Cut();
        await federation.Events.WhenAsync<CoordinatorEvent.LeaderLost>(e => e.Node == remote.Id);
        gate.Open();
        await federation.CompleteAsync();

        Assert.Equal(2, federation.Log.All.Count(l => l.Id == Connected && l.Text.StartsWith("remote", StringComparison.Ordinal)));
        var terms = federation.Events.All.OfType<CoordinatorEvent.LeadersSeated>().Select(e => e.Leaders).ToArray();
        Assert.Equal(2, terms.Length);
        Assert.True(terms[1].Term > terms[0].Term);
        Assert.NotNull(terms[1].SeatOf(remote.Id));
        Assert.Equal(4, federation.Events.All.OfType<CoordinatorEvent.Committed>().Last().Intersection);
    }

    /// <summary>The patience is for a server that does not answer, and begins when the connection ends, however long that was there.</summary>
    [Fact]
    public async Task Run_WireIsCutAfterLongerThanThePatience_RejoinsByItself()
    {
        var gate = new Gate(new Round(2));
        var clock = new LaterClock();
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 4, rounds: 3));
        await using var wire = new Wire(federation.Address);
        federation.JoinAll([gate.Trainer(), gate.Trainer(), gate.Trainer()]);
        var remote = federation.Join("remote", gate.Trainer(), o => o with { Server = wire.Address, CanLead = false }, clock);
        await remote.Events.WhenAsync<NodeEvent.RoundJoined>(e => e.Round == new Round(2));

        clock.Skip(2 * remote.Options.Patience);
        wire.Cut();
        var first = await Task.WhenAny(remote.Completion, remote.Events.WhenAsync<NodeEvent.KeysEstablished>(_ => HasTwice(remote)));
        gate.Open();
        await federation.CompleteAsync();

        Assert.NotSame(remote.Completion, first);
        Assert.True((await remote.Completion).Succeeded);

        static bool HasTwice(Member node) => node.Events.All.OfType<NodeEvent.KeysEstablished>().Count() == 2;
    }

    /// <summary>The machine's clock, and later by what was skipped.</summary>
    private sealed class LaterClock : TimeProvider
    {
        private long _skipped;

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _skipped);

        public void Skip(TimeSpan time) => Interlocked.Add(ref _skipped, (long)(time.TotalSeconds * TimestampFrequency));
    }
}
