namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>A party says that a leader is silent, and the coordinator looks for itself (DESIGN section 7, "Heartbeats").</summary>
public class ProbeTests
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(500);

    private readonly CoordinatorUnderTest _coordinator = Watching();

    [Fact]
    public void HolderSilent_OfTheOpenRound_ProbesThatLeaderAtOnceAndOnce()
    {
        var probe = Assert.IsType<CoordinatorEffect.Send>(Assert.Single(ReportSilent(party: 4, slot: 1)));
        Assert.Equal(Some.Node(1), probe.To);
        Assert.IsType<ServerMessage.Beat>(probe.Message);
        Assert.Empty(ReportSilent(party: 5, slot: 1));
        Assert.NotEmpty(ReportSilent(party: 5, slot: 2));
    }

    [Fact]
    public void HolderSilent_OfAnotherRoundOrNoSlot_IsIgnored()
    {
        Assert.Empty(_coordinator.Say(4, new NodeMessage.HolderSilent(new Round(2), new Slot(1))));
        Assert.Empty(_coordinator.Say(4, new NodeMessage.HolderSilent(new Round(1), new Slot(3))));
    }

    /// <summary>Who complains without end would hold a leader to one heartbeat's time instead of three.</summary>
    [Fact]
    public void HolderSilent_ByTheSamePartyAgainOrByNoParty_ProbesNobody()
    {
        Answer(ReportSilent(party: 4, slot: 1).Beats());
        Assert.Empty(ReportSilent(party: 4, slot: 1));
        _coordinator.Arrive(9);
        Assert.Empty(ReportSilent(party: 9, slot: 1));
        Assert.NotEmpty(ReportSilent(party: 5, slot: 1));
    }

    [Fact]
    public void Probe_UnansweredWithinAHeartbeat_LosesTheLeader()
    {
        _coordinator.Wait(Heartbeat / 4);
        ReportSilent(party: 4, slot: 1);
        var probed = _coordinator.Now;
        Answer(NextBeats(), except: 1);
        var effects = _coordinator.PassDeadline();
        Assert.Equal(probed + Heartbeat, _coordinator.Now);
        Assert.Contains("parties get no answer", effects.Reports<CoordinatorEvent.LeaderLost>().Reason, StringComparison.Ordinal);
    }

    /// <summary>One party's word alone removes nobody.</summary>
    [Fact]
    public void Probe_Answered_LosesNobodyHoweverManyComplain()
    {
        foreach (int party in (int[])[0, 2, 3, 4, 5])
        {
            _coordinator.Wait(Heartbeat / 4);
            Answer(ReportSilent(party, slot: 1).Beats());
            Answer(NextBeats());
            Answer(NextBeats());
        }
    }

    [Fact]
    public void Probe_AnswerToAnEarlierBeat_DoesNotEndIt()
    {
        var before = NextBeats();
        ReportSilent(party: 4, slot: 1);
        Answer(before);
        Assert.Equal(new Slot(1), _coordinator.PassDeadline().Reports<CoordinatorEvent.LeaderLost>().Slot);
    }

    [Fact]
    public void Probe_AnswerToALaterBeat_EndsIt()
    {
        _coordinator.Wait(Heartbeat / 4);
        ReportSilent(party: 4, slot: 1);
        Answer(NextBeats());
        Assert.Equal(3, NextBeats().Count);
    }

    /// <summary>The probe is a beat out of turn: that it is not answered yet when the next is due is no miss.</summary>
    [Fact]
    public void Probe_JustBeforeABeatIsDue_CountsAsNoMiss()
    {
        var coordinator = Watching(missedBeats: 1);
        coordinator.Answer(coordinator.PassDeadline().Beats());
        coordinator.Wait(Heartbeat - TimeSpan.FromMilliseconds(1));
        Assert.Single(coordinator.Say(4, new NodeMessage.HolderSilent(new Round(1), new Slot(1))));
        var beats = coordinator.PassDeadline().Beats();
        Assert.Equal([0, 1, 2], beats.Keys.Order());
        coordinator.Answer(beats);
        Assert.Equal(3, coordinator.PassDeadline().Beats().Count);
    }

    private List<CoordinatorEffect> ReportSilent(int party, int slot) =>
        _coordinator.Say(party, new NodeMessage.HolderSilent(_coordinator.Spec.Round, new Slot(slot)));

    /// <summary>What the next beat brings; nobody is lost by it.</summary>
    private Dictionary<int, ulong> NextBeats()
    {
        var effects = _coordinator.PassDeadline();
        Assert.All(effects, e => Assert.IsType<CoordinatorEffect.Send>(e));
        return effects.Beats();
    }

    private void Answer(Dictionary<int, ulong> beats, int? except = null) => _coordinator.Answer(beats, except);

    private static CoordinatorRules Rules(int missedBeats = 3) => ReorganisationUnderTest.Rules(new LeaderCare(Heartbeat, missedBeats, Tenure: 0));

    /// <summary>Nodes 0, 1 and 2 lead an open round.</summary>
    private static CoordinatorUnderTest Watching(int missedBeats = 3)
    {
        var coordinator = new CoordinatorUnderTest(Rules(missedBeats));
        coordinator.ToUploading(6);
        return coordinator;
    }
}
