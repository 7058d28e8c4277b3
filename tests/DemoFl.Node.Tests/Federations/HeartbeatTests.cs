using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>A leader that is there and does nothing is as good as lost (liveness L1).</summary>
public sealed class HeartbeatTests
{
    private const int Connected = 101;

    /// <summary>
    /// Its connections stand and its trainer would train, but its loop hangs: it is replaced. When it wakes, its slot is gone, and it is a party like
    /// any other.
    /// </summary>
    [Theory]
    [InlineData(Layout.Masked)]
    [InlineData(Layout.Rotating)]
    public async Task Run_LeadersLoopHangs_IsReplacedAndFencedWhenItWakes(Layout layout)
    {
        var care = new LeaderCare(TimeSpan.FromMilliseconds(500), MissedBeats: 4);
        using var awake = new ManualResetEventSlim();
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 5, rounds: 2, layout) with { Care = care });
        var trainers = Enumerable.Range(0, 5).Select(_ => StubTrainer.Moving((_, _) => 0.01f, 100)).ToArray();
        foreach (var (trainer, i) in trainers.Select((t, i) => (t, i)))
        {
            federation.Join($"n-{i}", trainer, o => o with { Policy = o.Policy with { PartyRule = (spec, leaders) => Hang(spec, leaders, i) } });
        }

        var replaced = await federation.Events.WhenAsync<CoordinatorEvent.Replaced>();
        awake.Set();
        await federation.CompleteAsync();

        var leaders = (await federation.Events.WhenAsync<CoordinatorEvent.LeadersSeated>()).Leaders;
        var sleeper = federation.Members.Single(m => m.Id == leaders.Seats[1].Holder);
        var lost = Assert.Single(federation.Events.All.OfType<CoordinatorEvent.LeaderLost>());
        Assert.Equal((sleeper.Id, new Slot(1)), (lost.Node, replaced.Slot));
        Assert.Equal(5, federation.Log.All.Count(l => l.Id == Connected));
        Assert.Contains(sleeper.Events.All, e => e is NodeEvent.LeaderReplaced);
        Assert.DoesNotContain(federation.Events.All, e => e is CoordinatorEvent.Aborted or CoordinatorEvent.Refused);
        Assert.All(federation.Events.All.OfType<CoordinatorEvent.Committed>(), c => Assert.Equal(5, c.Intersection));
        Assert.All(trainers, t => Assert.Equal([new Round(1), new Round(2)], t.Calls));

        PartyRefusal? Hang(RoundSpec spec, LeaderSet? leaders, int node)
        {
            if (spec.Round == new Round(1) && leaders!.Seats[1].Holder == federation.Members[node].Id)
            {
                awake.Wait();
            }

            return null;
        }
    }
}
