namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>How the coordinator watches its leaders (DESIGN section 7, "Heartbeats"; liveness L1).</summary>
public class HeartbeatTests
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(500);

    private readonly CoordinatorUnderTest _coordinator = Watching();

    [Fact]
    public void Beat_EachHeartbeat_GoesToEveryLeaderAndToNobodyElse()
    {
        var seated = _coordinator.Now;
        var numbers = new HashSet<ulong>();
        for (int i = 1; i <= 5; i++)
        {
            var beats = NextBeats();
            Assert.Equal(seated + (i * Heartbeat), _coordinator.Now);
            Assert.Equal([0, 1, 2], beats.Keys.Order());
            Assert.All(beats.Values, number => Assert.True(numbers.Add(number), $"beat {number} came twice"));
            Answer(beats);
        }
    }

    [Fact]
    public void Beat_NoLeaders_IsNeverDue()
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(layout: Layout.Plain, care: LeaderCare.Default));
        coordinator.ToUploading();
        Assert.Equal(coordinator.Now + TimeSpan.FromSeconds(120), coordinator.Machine.NextDeadline);
    }

    [Fact]
    public void Unanswered_ThreeInARow_LosesTheLeader()
    {
        for (int i = 0; i < 3; i++)
        {
            var beats = NextBeats();
            beats.Remove(1);
            Answer(beats);
        }

        var effects = _coordinator.PassDeadline();
        var lost = effects.Reports<CoordinatorEvent.LeaderLost>();
        Assert.Equal((new Slot(1), Some.Node(1), "it left 3 heartbeats unanswered"), (lost.Slot, lost.Node, lost.Reason));
        Assert.Equal(new Slot(1), effects.Says<ServerMessage.Paused>().Lost);
        Assert.Equal([0, 2], effects.Beats().Keys.Order());
    }

    [Fact]
    public void Unanswered_TwoInARow_LosesNobody()
    {
        for (int i = 0; i < 6; i++)
        {
            NextBeats();
            Assert.Equal(3, NextBeats().Count);
            Answer(NextBeats());
        }
    }

    /// <summary>A slow network is not a dead leader: any answer shows life.</summary>
    [Fact]
    public void Answered_Late_StartsTheCountAgain()
    {
        var first = NextBeats();
        NextBeats();
        NextBeats();
        Answer(first);
        NextBeats();
        NextBeats();
        _coordinator.PassDeadline().Reports<CoordinatorEvent.Aborted>();
    }

    [Fact]
    public void Answered_AgainOrAheadOrByAnother_DoesNotCount()
    {
        var first = NextBeats();
        Answer(first);
        for (int i = 0; i < 3; i++)
        {
            var beats = NextBeats();
            beats.Remove(1);
            Answer(beats);
            _coordinator.Say(1, new NodeMessage.BeatAnswered(first[1]));
            _coordinator.Say(1, new NodeMessage.BeatAnswered(beats.Values.Max() + 100));
            Assert.Empty(_coordinator.Say(5, new NodeMessage.BeatAnswered(beats[0] + 1)));
        }

        Assert.Equal(new Slot(1), _coordinator.PassDeadline().Reports<CoordinatorEvent.LeaderLost>().Slot);
    }

    [Fact]
    public void Overslept_ByMoreThanAHeartbeat_BlamesNobodyAndCountsAfresh()
    {
        NextBeats();
        NextBeats();
        _coordinator.Say(4, new NodeMessage.HolderSilent(_coordinator.Spec.Round, new Slot(2)));
        _coordinator.Wait(TimeSpan.FromSeconds(3));
        Assert.Equal(3, _coordinator.Tick().Beats().Count);
        NextBeats();
        NextBeats();
        Assert.Equal(3, _coordinator.PassDeadline().OfType<CoordinatorEffect.Report>().Count(r => r.Event is CoordinatorEvent.LeaderLost));
    }

    [Fact]
    public void Late_ByLessThanAHeartbeat_StillCounts()
    {
        NextBeats();
        NextBeats();
        NextBeats();
        _coordinator.Wait(Heartbeat * 1.9);
        Assert.Equal(3, _coordinator.Tick().OfType<CoordinatorEffect.Report>().Count(r => r.Event is CoordinatorEvent.LeaderLost));
    }

    [Fact]
    public void SeatedAnew_NewHolder_IsWatchedFromItsOwnFirstBeatAndTheLostOneNoMore()
    {
        var round = new ReorganisationUnderTest(rules: ReorganisationUnderTest.Rules(new LeaderCare(Heartbeat, Tenure: 0)));
        for (int i = 0; i < 3; i++)
        {
            round.Coordinator.Answer(round.Coordinator.PassDeadline().Beats(), except: 1);
        }

        var beats = round.Coordinator.PassDeadline().Beats();
        round.Coordinator.Answer(beats);
        round.Recommend();
        round.Offer();
        round.Agree(0);
        round.Agree(2);
        for (int i = 0; i < 3; i++)
        {
            beats = round.Coordinator.PassDeadline().Beats();
            Assert.Equal([0, 2, 3], beats.Keys.Order());
            round.Coordinator.Answer(beats, except: 3);
        }

        Assert.Contains("lost", round.Coordinator.PassDeadline().Says<ServerMessage.RoundAborted>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SeatKept_AcrossAChangeOfAnother_KeepsItsCount()
    {
        var round = new ReorganisationUnderTest(rules: ReorganisationUnderTest.Rules(new LeaderCare(Heartbeat, Tenure: 0)));
        round.Coordinator.Answer(round.Coordinator.PassDeadline().Beats(), except: 0);
        round.Coordinator.Answer(round.Coordinator.PassDeadline().Beats(), except: 0);
        round.Replace();
        var beats = round.Coordinator.PassDeadline().Beats();
        Assert.Equal([0, 2, 3], beats.Keys.Order());
        round.Coordinator.Answer(beats, except: 0);
        round.Coordinator.PassDeadline().Says<ServerMessage.RoundAborted>();
    }

    [Fact]
    public void Unanswered_WhileKeysAreAgreed_ElectsForThatSlotAlone()
    {
        var coordinator = new CoordinatorUnderTest(Rules());
        coordinator.ArriveAll(6);
        Array.ForEach([0, 1, 2], i => coordinator.Recommend(i));
        Array.ForEach([0, 1], i => coordinator.Offer(i));
        for (int i = 0; i < 3; i++)
        {
            coordinator.Answer(coordinator.PassDeadline().Beats(), except: 2);
        }

        var opened = coordinator.PassDeadline().Says<ServerMessage.ElectionOpened>();
        Assert.Equal((new Term(2), 1), (opened.Term, opened.Seats));
    }

    /// <summary>What the next beat brings; nobody is lost by it.</summary>
    private Dictionary<int, ulong> NextBeats()
    {
        var effects = _coordinator.PassDeadline();
        Assert.All(effects, e => Assert.IsType<CoordinatorEffect.Send>(e));
        return effects.Beats();
    }

    private void Answer(Dictionary<int, ulong> beats, int? except = null) => _coordinator.Answer(beats, except);

    private static CoordinatorRules Rules() => ReorganisationUnderTest.Rules(new LeaderCare(Heartbeat, Tenure: 0));

    /// <summary>Nodes 0, 1 and 2 lead an open round.</summary>
    private static CoordinatorUnderTest Watching()
    {
        var coordinator = new CoordinatorUnderTest(Rules());
        coordinator.ToUploading(6);
        return coordinator;
    }
}
