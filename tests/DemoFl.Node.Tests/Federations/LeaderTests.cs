using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>Terms: who leads, what happens when a leader is lost, who comes in between (DESIGN section 7).</summary>
public sealed class LeaderTests
{
    [Fact]
    public async Task Run_Appointed_SeatsLeadersAndCommits()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 4, rounds: 2) with { Election = ElectionMode.Appointed });
        federation.JoinAll(Trainers(4));

        await federation.CompleteAsync();

        Assert.Equal(3, (await federation.Events.WhenAsync<CoordinatorEvent.LeadersSeated>()).Leaders.Seats.Length);
    }

    [Fact]
    public async Task Run_NodesHostedTogether_HoldOneSlotPerProcess()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 6, rounds: 1));
        var first = new List<Member>();
        for (int process = 0; process < 3; process++)
        {
            var incarnation = Some.Incarnation();
            first.Add(federation.Join($"p{process}-1", Trainer(), o => o with { Incarnation = incarnation }));
            federation.Join($"p{process}-2", Trainer(), o => o with { Incarnation = incarnation, CanLead = false });
        }

        await federation.CompleteAsync();

        var seats = (await federation.Events.WhenAsync<CoordinatorEvent.LeadersSeated>()).Leaders.Seats;
        Assert.Equal(first.Select(m => m.Id).Order(Comparer<NodeId>.Create((a, b) => a.Value.CompareTo(b.Value))), seats.Select(s => s.Holder).OrderBy(h => h.Value));
        Assert.Equal(6, (await federation.Events.WhenAsync<CoordinatorEvent.Committed>()).Intersection);
    }

    [Fact]
    public async Task Run_TwoCandidatesOfOneProcess_NeverHoldTwoSlots()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 5, rounds: 1));
        var shared = Some.Incarnation();
        federation.JoinAll(Trainers(2));
        for (int i = 0; i < 3; i++)
        {
            // Each claims that it may lead: the server's rule, not the node's manners.
            federation.Join($"greedy-{i}", Trainer(), o => o with { Incarnation = shared });
        }

        await federation.CompleteAsync();

        var seats = (await federation.Events.WhenAsync<CoordinatorEvent.LeadersSeated>()).Leaders.Seats;
        Assert.Equal(3, seats.Select(s => s.Incarnation).Distinct().Count());
    }

    [Theory]
    [InlineData(Layout.Masked)]
    [InlineData(Layout.Rotating)]
    public async Task Run_LeaderDisconnectsUnderThePolicyAbort_ElectsAnewAndGoesOn(Layout layout)
    {
        var gate = new Gate(new Round(2));
        await using var federation = await Federation.StartAsync(
            Rules.Of(nodes: 5, rounds: 3, layout) with { Care = Rules.Patient with { OnLoss = LossPolicy.Abort } });
        var members = federation.JoinAll(Enumerable.Range(0, 5).Select(_ => gate.Trainer()));
        var seated = await federation.Events.WhenAsync<CoordinatorEvent.LeadersSeated>();
        await federation.Events.WhenAsync<CoordinatorEvent.RoundStarted>(e => e.Spec.Round == new Round(2));

        var lost = members.Single(m => m.Id == seated.Leaders.Seats[1].Holder);
        await lost.StopAsync();
        var aborted = await federation.Events.WhenAsync<CoordinatorEvent.Aborted>();
        gate.Open();
        await federation.CompleteAsync();

        Assert.Equal((new Round(2), "a leader was lost"), (aborted.Round, aborted.Reason));
        Assert.Equal(lost.Id, (await federation.Events.WhenAsync<CoordinatorEvent.LeaderLost>()).Node);
        var later = (await federation.Events.WhenAsync<CoordinatorEvent.LeadersSeated>(e => e.Leaders.Term > seated.Leaders.Term)).Leaders;
        Assert.Null(later.SeatOf(lost.Id));
        Assert.Equal(3, federation.Events.All.OfType<CoordinatorEvent.Committed>().Count());
        Assert.All(federation.Events.All.OfType<CoordinatorEvent.Committed>().Skip(1), c => Assert.Equal(4, c.Intersection));
    }

    [Fact]
    public async Task Run_PartyDisconnects_RoundCommitsWithoutIt()
    {
        var gate = new Gate(new Round(1));
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 4, rounds: 2));
        federation.JoinAll(Enumerable.Range(0, 3).Select(_ => gate.Trainer()));
        var guest = federation.Join("guest", gate.Trainer(), o => o with { CanLead = false });
        await guest.Events.WhenAsync<NodeEvent.RoundJoined>();

        await guest.StopAsync();
        gate.Open();
        await federation.CompleteAsync();

        Assert.All(federation.Events.All.OfType<CoordinatorEvent.Committed>(), c => Assert.Equal(3, c.Intersection));
        Assert.Single(federation.Events.All.OfType<CoordinatorEvent.LeadersSeated>());
    }

    [Fact]
    public async Task Run_NodeJoinsInMidTerm_TakesPartFromTheNextRound()
    {
        var gate = new Gate(new Round(2));
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 4, rounds: 3));
        federation.JoinAll(Enumerable.Range(0, 4).Select(_ => gate.Trainer()));
        await federation.Events.WhenAsync<CoordinatorEvent.RoundStarted>(e => e.Spec.Round == new Round(2));

        var late = federation.Join("late", Trainer());
        await late.Events.WhenAsync<NodeEvent.KeysEstablished>();
        gate.Open();
        await federation.CompleteAsync();

        Assert.Equal([4, 4, 5], federation.Events.All.OfType<CoordinatorEvent.Committed>().Select(c => c.Intersection));
        Assert.Equal([new Round(3)], late.Events.All.OfType<NodeEvent.RoundJoined>().Select(e => e.Round));
        Assert.Single(federation.Events.All.OfType<CoordinatorEvent.LeadersSeated>());
    }

    private static StubTrainer Trainer() => StubTrainer.Moving((_, _) => 0.01f, 100);

    private static IEnumerable<ITrainer> Trainers(int count) => Enumerable.Range(0, count).Select(_ => Trainer());
}
