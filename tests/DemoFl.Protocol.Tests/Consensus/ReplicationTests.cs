using static DemoFl.Protocol.Tests.InstitutionUnderTest;

namespace DemoFl.Protocol.Tests.Consensus;

/// <summary>How a coordinator brings followers' logs to its own (section 5.3; figure 2, leaders).</summary>
public class ReplicationTests
{
    /// <summary>Figure 2, leaders: a proposal is saved, then sent with what stands before it.</summary>
    [Fact]
    public void Propose_AtTheCoordinator_IsSavedAndThenSent()
    {
        var institution = Seated(followersHave: 1);
        var effects = institution.Propose(Round(1));
        Assert.IsType<ConsensusEffect.Persist>(effects[0]);
        Assert.Equal(At(2, 1), Assert.Single(effects.OfType<ConsensusEffect.ProposalAccepted>()).Position);
        Assert.All(effects.Said<ConsensusMessage.AppendRequest>(), m => Assert.Equal((At(1, 1), 1), (m.Previous, m.Entries.Length)));
    }

    /// <summary>Section 5.2: whoever does not coordinate names who does.</summary>
    [Fact]
    public void Propose_AtAFollower_IsRefusedWithTheCoordinator()
    {
        var institution = new InstitutionUnderTest();
        institution.Hear(2, Append(1, default, []));
        Assert.Equal(new ConsensusEffect.ProposalRefused(7, ProposalRefusal.NotCoordinator, Some.Node(2)), Assert.Single(institution.Propose(Round(1))));
    }

    /// <summary>Section 5.2: signs of life at every interval, to all.</summary>
    [Fact]
    public void Tick_Idle_BeatsToAll()
    {
        var institution = Seated(followersHave: 1);
        var before = institution.Now;
        Assert.All(institution.Tick().Said<ConsensusMessage.AppendRequest>(), m => Assert.Empty(m.Entries));
        Assert.Equal(before + Heartbeat, institution.Now);
    }

    /// <summary>Section 5.3: commits what a majority has saved, applies it, and says so.</summary>
    [Fact]
    public void Acknowledged_ByAMajority_IsCommittedAppliedAndAnnounced()
    {
        var institution = new InstitutionUnderTest(5);
        institution.Win();
        Assert.Empty(institution.Acknowledge(1, 1).Applied());
        Assert.Empty(institution.Acknowledge(1, 1).Applied());
        var effects = institution.Acknowledge(2, 1);
        Assert.Equal([1], effects.Applied());
        Assert.All(effects.Said<ConsensusMessage.AppendRequest>(), m => Assert.Equal(1, m.Committed));
        Assert.Equal(4, effects.Said<ConsensusMessage.AppendRequest>().Length);
    }

    /// <summary>Section 5.3, figure 7: refused, it goes back until the logs agree, then sends all that is missing.</summary>
    [Fact]
    public void Mismatch_OfAShortLog_IsMended()
    {
        var institution = new InstitutionUnderTest(progress: Disk([1, 1, 2]));
        institution.Win();
        var retry = Lacks(institution, 3, At(1, 1)).SaidTo<ConsensusMessage.AppendRequest>(1)!;
        Assert.Equal(At(1, 1), retry.Previous);
        Assert.Equal([1, 2, 3], retry.Entries.Select(e => (int)e.Ballot.Value));
    }

    /// <summary>Section 5.3, end: a ballot at a time: what the follower has of later ballots than the coordinator's there is skipped.</summary>
    [Fact]
    public void Mismatch_WithAHint_SkipsWholeBallots()
    {
        var institution = new InstitutionUnderTest(progress: Disk([1, 3, 3, 3, 3]));
        institution.Win();
        Assert.Equal(At(1, 1), Lacks(institution, 5, At(4, 2)).SaidTo<ConsensusMessage.AppendRequest>(1)!.Previous);
    }

    /// <summary>Section 5.3: late and doubled refusals do not send it back again.</summary>
    [Fact]
    public void Mismatch_Late_ChangesNothing()
    {
        var institution = new InstitutionUnderTest(progress: Disk([1, 1, 2]));
        institution.Win();
        Lacks(institution, 3, At(1, 1));
        Assert.Empty(Lacks(institution, 3, At(1, 1)));
        institution.Acknowledge(1, 4);
        Assert.Empty(Lacks(institution, 3, At(1, 1)));
    }

    /// <summary>Section 5.5: what is lost is found out by a heartbeat, and sent again.</summary>
    [Fact]
    public void Mismatch_OfAHeartbeat_SendsAgainWhatWasLost()
    {
        var institution = Seated(followersHave: 1);
        institution.Propose(Round(1));
        var beat = institution.Tick().SaidTo<ConsensusMessage.AppendRequest>(1)!;
        Assert.Equal((At(2, 1), 0), (beat.Previous, beat.Entries.Length));
        var again = Lacks(institution, 2, At(1, 1)).SaidTo<ConsensusMessage.AppendRequest>(1)!;
        Assert.Equal((At(1, 1), 1), (again.Previous, again.Entries.Length));
    }

    /// <summary>No follower acknowledges what was never written.</summary>
    [Fact]
    public void Acknowledged_BeyondTheLog_IsIgnored()
    {
        var institution = new InstitutionUnderTest();
        institution.Win();
        institution.Acknowledge(1, 99);
        Assert.Equal(0, institution.Machine.Committed);
    }

    /// <summary>A coordinator whose followers have the first entries.</summary>
    internal static InstitutionUnderTest Seated(long followersHave, ConsensusLimits? limits = null)
    {
        var institution = new InstitutionUnderTest(limits: limits);
        institution.Win();
        institution.Acknowledge(1, followersHave);
        institution.Acknowledge(2, followersHave);
        return institution;
    }

    private static List<ConsensusEffect> Lacks(InstitutionUnderTest institution, long index, LogPosition hint) =>
        institution.Hear(1, new ConsensusMessage.AppendReply(institution.Machine.Ballot, false, index, hint));
}
