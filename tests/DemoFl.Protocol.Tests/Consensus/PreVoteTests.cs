using static DemoFl.Protocol.Tests.InstitutionUnderTest;

namespace DemoFl.Protocol.Tests.Consensus;

/// <summary>Asking before standing (Ongaro's thesis, section 9.6), so that who was away does not disturb.</summary>
public class PreVoteTests
{
    /// <summary>Thesis 9.6: nobody's ballot grows by asking.</summary>
    [Fact]
    public void Timeout_Always_AsksBeforeAnythingIsSaved()
    {
        var institution = new InstitutionUnderTest(progress: Disk([3]));
        var effects = institution.Tick();
        Assert.Equal((ConsensusRole.PreCandidate, new Ballot(3)), (institution.Machine.Role, institution.Machine.Ballot));
        Assert.Null(effects.Saved());
        Assert.Equal(Enumerable.Repeat(new ConsensusMessage.PreVoteRequest(new Ballot(4), At(1, 3)), 2), effects.Said<ConsensusMessage.PreVoteRequest>());
    }

    /// <summary>Thesis 9.6: cut off for however long, an institution comes back in the ballot in which it left.</summary>
    [Fact]
    public void Timeout_AgainAndAgain_UsesUpNoBallot()
    {
        var institution = new InstitutionUnderTest(progress: Disk([3]));
        for (int i = 0; i < 50; i++)
        {
            institution.Tick();
        }

        Assert.Equal(new Ballot(3), institution.Machine.Ballot);
    }

    /// <summary>Thesis 9.6: who promises a vote promises nothing that binds.</summary>
    [Fact]
    public void PreVoteRequest_Granted_ChangesNothing()
    {
        var institution = new InstitutionUnderTest();
        var effects = institution.Hear(1, new ConsensusMessage.PreVoteRequest(new Ballot(8), default));
        Assert.Equal(new ConsensusMessage.PreVoteReply(new Ballot(8), true), Assert.IsType<ConsensusEffect.Send>(Assert.Single(effects)).Message);
        Assert.Equal(default, institution.Machine.Ballot);
        Assert.True(institution.Answer<ConsensusMessage.PreVoteReply>(2, new ConsensusMessage.PreVoteRequest(new Ballot(8), default)).Granted);
    }

    /// <summary>Thesis 9.6: who heard of a coordinator within an election timeout wants no other, and afterwards does.</summary>
    [Fact]
    public void PreVoteRequest_CoordinatorHeardLately_IsRefused()
    {
        var institution = new InstitutionUnderTest();
        institution.Hear(1, Append(1, default, []));
        var request = new ConsensusMessage.PreVoteRequest(new Ballot(2), default);
        institution.Now += 0.99 * Patience;
        Assert.Equal(new ConsensusMessage.PreVoteReply(new Ballot(1), false), institution.Answer<ConsensusMessage.PreVoteReply>(2, request));
        institution.Now += 0.02 * Patience;
        Assert.True(institution.Answer<ConsensusMessage.PreVoteReply>(2, request).Granted);
    }

    /// <summary>Thesis 9.6: a coordinator is content with itself.</summary>
    [Fact]
    public void PreVoteRequest_ToTheCoordinator_IsRefused()
    {
        var institution = new InstitutionUnderTest();
        institution.Win();
        Assert.False(institution.Answer<ConsensusMessage.PreVoteReply>(2, new ConsensusMessage.PreVoteRequest(new Ballot(9), At(9, 8))).Granted);
        Assert.Equal(ConsensusRole.Coordinator, institution.Machine.Role);
    }

    /// <summary>Who asks in a ballot that is used up learns which to ask for.</summary>
    [Fact]
    public void PreVoteReply_RefusedWithAHigherBallot_IsTakenOver()
    {
        Assert.Equal(new Ballot(5), new InstitutionUnderTest(progress: Disk([], ballot: 5))
            .Answer<ConsensusMessage.PreVoteReply>(1, new ConsensusMessage.PreVoteRequest(new Ballot(5), default)).Ballot);
        var institution = new InstitutionUnderTest();
        institution.Tick();
        institution.Hear(1, new ConsensusMessage.PreVoteReply(new Ballot(5), false));
        Assert.Equal((ConsensusRole.Follower, new Ballot(5)), (institution.Machine.Role, institution.Machine.Ballot));
        Assert.Equal(new Ballot(6), institution.Tick().Said<ConsensusMessage.PreVoteRequest>()[0].Ballot);
    }

    /// <summary>Promises for another ballot than the next are late.</summary>
    [Fact]
    public void PreVoteReply_OfAnotherBallot_DoesNotCount()
    {
        var institution = new InstitutionUnderTest(progress: Disk([], ballot: 5));
        institution.Tick();
        institution.Hear(1, new ConsensusMessage.PreVoteReply(new Ballot(4), true));
        Assert.Equal(ConsensusRole.PreCandidate, institution.Machine.Role);
    }
}
