using static DemoFl.Protocol.Tests.InstitutionUnderTest;

namespace DemoFl.Protocol.Tests.Consensus;

/// <summary>Ballots as a logical clock (Raft, section 5.1; figure 2, rules for all servers).</summary>
public class BallotTests
{
    /// <summary>Section 5.1: a server that sees a larger number takes it over, and has not voted in it.</summary>
    [Fact]
    public void Received_HigherBallot_IsTakenOverAndSaved()
    {
        var institution = new InstitutionUnderTest(progress: Disk([1], ballot: 2, vote: Some.Node(0)));
        var effects = institution.Hear(1, new ConsensusMessage.VoteReply(new Ballot(5), false));
        Assert.Equal(new HardState(new Ballot(5), null), effects.Saved()!.State);
        Assert.Equal(new Ballot(5), institution.Machine.Ballot);
    }

    /// <summary>Section 5.1: a coordinator or candidate whose number is out of date becomes a follower at once.</summary>
    [Fact]
    public void Received_HigherBallotAsCoordinator_StepsDown()
    {
        var institution = new InstitutionUnderTest();
        institution.Win();
        var effects = institution.Hear(2, new ConsensusMessage.AppendReply(new Ballot(9), false, 0));
        Assert.Equal(ConsensusRole.Follower, institution.Machine.Role);
        Assert.Equal(new Ballot(1), Assert.Single(effects.OfType<ConsensusEffect.SteppedDown>()).Ballot);
    }

    /// <summary>Section 5.1, for a candidate.</summary>
    [Fact]
    public void Received_HigherBallotAsCandidate_Follows()
    {
        var institution = new InstitutionUnderTest();
        institution.Campaign();
        Assert.Equal(ConsensusRole.Candidate, institution.Machine.Role);
        institution.Hear(1, Append(4, default, []));
        Assert.Equal((ConsensusRole.Follower, Some.Node(1)), (institution.Machine.Role, institution.Machine.Coordinator));
    }

    /// <summary>Section 5.1: a request with an out-of-date number is rejected, and its speaker told the newer one.</summary>
    [Fact]
    public void Received_RequestOfALowerBallot_IsRefusedWithTheHigher()
    {
        var institution = new InstitutionUnderTest(progress: Disk([], ballot: 5));
        Assert.Equal(new ConsensusMessage.VoteReply(new Ballot(5), false), institution.Answer<ConsensusMessage.VoteReply>(1, new ConsensusMessage.VoteRequest(new Ballot(4), At(9, 4))));
        Assert.Equal(new Ballot(5), institution.Answer<ConsensusMessage.AppendReply>(1, Append(4, default, Entries(1, 4))).Ballot);
        Assert.Equal(new Ballot(5), institution.Answer<ConsensusMessage.InstallReply>(1, new ConsensusMessage.InstallSnapshot(new Ballot(4), new ConsensusSnapshot(At(3, 2), null, null))).Ballot);
        Assert.Equal(default, institution.Machine.Last);
        Assert.Null(institution.Machine.Coordinator);
    }

    /// <summary>Section 5.1: replies of an earlier ballot change nothing.</summary>
    [Fact]
    public void Received_ReplyOfALowerBallot_ChangesNothing()
    {
        var institution = new InstitutionUnderTest(progress: Disk([1, 1], ballot: 3));
        institution.Win();
        Assert.Empty(institution.Hear(1, new ConsensusMessage.AppendReply(new Ballot(3), true, 3)));
        Assert.Equal(0, institution.Machine.Committed);
    }
}
