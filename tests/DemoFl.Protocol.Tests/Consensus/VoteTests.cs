using static DemoFl.Protocol.Tests.InstitutionUnderTest;

namespace DemoFl.Protocol.Tests.Consensus;

/// <summary>Who gets a vote (figure 2, RequestVote; sections 5.2 and 5.4.1).</summary>
public class VoteTests
{
    /// <summary>Figure 2, RequestVote rule 2; section 5.2: a vote is saved before it is given, and given to the first that asks.</summary>
    [Fact]
    public void VoteRequest_First_IsGrantedOnceSaved()
    {
        var effects = new InstitutionUnderTest().Hear(1, new ConsensusMessage.VoteRequest(new Ballot(1), default));
        Assert.Equal(new HardState(new Ballot(1), Some.Node(1)), Assert.IsType<ConsensusEffect.Persist>(effects[0]).State);
        Assert.Equal(new ConsensusMessage.VoteReply(new Ballot(1), true), Assert.IsType<ConsensusEffect.Send>(effects[1]).Message);
    }

    /// <summary>Section 5.2: at most one vote a ballot; the same candidate may ask again.</summary>
    [Fact]
    public void VoteRequest_Second_IsGrantedToTheSameOnly()
    {
        var institution = new InstitutionUnderTest();
        var request = new ConsensusMessage.VoteRequest(new Ballot(1), default);
        institution.Hear(1, request);
        Assert.False(institution.Answer<ConsensusMessage.VoteReply>(2, request).Granted);
        Assert.True(institution.Answer<ConsensusMessage.VoteReply>(1, request).Granted);
    }

    /// <summary>Figure 2, persistent state: not after a restart either.</summary>
    [Fact]
    public void VoteRequest_AfterARestart_RemembersTheVote()
    {
        var institution = new InstitutionUnderTest(progress: Disk([], ballot: 1, vote: Some.Node(1)));
        Assert.False(institution.Answer<ConsensusMessage.VoteReply>(2, new ConsensusMessage.VoteRequest(new Ballot(1), default)).Granted);
    }

    /// <summary>A candidate has voted for itself.</summary>
    [Fact]
    public void VoteRequest_ToACandidateOfTheSameBallot_IsRefused()
    {
        var institution = new InstitutionUnderTest();
        institution.Campaign();
        Assert.False(institution.Answer<ConsensusMessage.VoteReply>(1, new ConsensusMessage.VoteRequest(new Ballot(1), default)).Granted);
    }

    /// <summary>Section 5.4.1: the later last ballot is more up to date; of the same ballot, the longer log.</summary>
    [Theory]
    [InlineData(new ulong[] { 1 }, 1, 1, true)]
    [InlineData(new ulong[] { 1 }, 2, 1, true)]
    [InlineData(new ulong[] { 1 }, 1, 2, true)]
    [InlineData(new ulong[] { 1, 1 }, 1, 1, false)]
    [InlineData(new ulong[] { 1, 1 }, 1, 2, true)]
    [InlineData(new ulong[] { 2 }, 1, 1, false)]
    [InlineData(new ulong[] { 2 }, 5, 1, false)]
    [InlineData(new ulong[] { }, 0, 0, true)]
    public void VoteRequest_ByTheLogs_IsGrantedToTheMoreUpToDate(ulong[] log, long index, ulong ballot, bool granted)
    {
        var institution = new InstitutionUnderTest(progress: Disk(log));
        Assert.Equal(granted, institution.Answer<ConsensusMessage.VoteReply>(1, new ConsensusMessage.VoteRequest(new Ballot(7), At(index, ballot))).Granted);
        var other = new InstitutionUnderTest(progress: Disk(log));
        Assert.Equal(granted, other.Answer<ConsensusMessage.PreVoteReply>(1, new ConsensusMessage.PreVoteRequest(new Ballot(7), At(index, ballot))).Granted);
    }

    /// <summary>Figure 2, followers: who gives a vote waits anew; who refuses one does not.</summary>
    [Fact]
    public void VoteRequest_Granted_PutsOffTheOwnElection()
    {
        var institution = new InstitutionUnderTest(progress: Disk([1])) { Now = 0.9 * Patience };
        var before = institution.Machine.NextDeadline;
        institution.Hear(1, new ConsensusMessage.VoteRequest(new Ballot(2), default));
        Assert.Equal(before, institution.Machine.NextDeadline);
        institution.Hear(1, new ConsensusMessage.VoteRequest(new Ballot(2), At(1, 1)));
        Assert.True(institution.Machine.NextDeadline >= institution.Now + Patience);
    }
}
