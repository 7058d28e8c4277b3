using static DemoFl.Protocol.Tests.InstitutionUnderTest;

namespace DemoFl.Protocol.Tests.Consensus;

/// <summary>How a coordinator is elected (Raft, section 5.2; figure 2, followers and candidates).</summary>
public class ElectionTests
{
    /// <summary>Section 5.2: a server begins as a follower.</summary>
    [Fact]
    public void Begin_Always_IsAFollower() => Assert.Equal(ConsensusRole.Follower, new InstitutionUnderTest().Machine.Role);

    /// <summary>Sections 5.2 and 9.3: timeouts are drawn from [T, 2T), differently by different entropies.</summary>
    [Fact]
    public void NextDeadline_ManyEntropies_AreSpreadOverOneTimeout()
    {
        var waits = Enumerable.Range(0, 200).Select(i => new InstitutionUnderTest(entropy: (ulong)i).Machine.NextDeadline!.Value).ToArray();
        Assert.All(waits, w => Assert.InRange(w, Patience, 2 * Patience));
        Assert.True(waits.Min() < 1.05 * Patience && waits.Max() > 1.95 * Patience, $"{waits.Min()} to {waits.Max()}");
    }

    /// <summary>Section 5.2: who hears from the coordinator waits anew.</summary>
    [Fact]
    public void Heartbeat_OfTheCoordinator_PutsOffTheElection()
    {
        var institution = new InstitutionUnderTest { Now = 0.9 * Patience };
        institution.Hear(1, Append(1, default, []));
        Assert.True(institution.Machine.NextDeadline >= institution.Now + Patience);
    }

    /// <summary>Section 5.2: a new ballot, a vote for oneself, saved before anybody is asked, and everybody is asked.</summary>
    [Fact]
    public void Campaign_Begun_VotesForItselfAndAsksAll()
    {
        var effects = new InstitutionUnderTest(5, Disk([1, 2])).Campaign();
        Assert.Equal(new HardState(new Ballot(3), Some.Node(0)), Assert.IsType<ConsensusEffect.Persist>(effects[0]).State);
        Assert.Equal(Enumerable.Repeat(new ConsensusMessage.VoteRequest(new Ballot(3), At(2, 2)), 4), effects.Said<ConsensusMessage.VoteRequest>());
    }

    /// <summary>Section 5.2 (a): a majority wins, and not less.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 2)]
    [InlineData(31, 15)]
    public void Votes_OfAMajority_WinAndNotBefore(int members, int votesNeeded)
    {
        var institution = new InstitutionUnderTest(members);
        institution.Campaign();
        for (int voter = 1; voter <= votesNeeded; voter++)
        {
            Assert.Equal(ConsensusRole.Candidate, institution.Machine.Role);
            institution.Hear(voter, new ConsensusMessage.VoteReply(new Ballot(1), true));
        }

        Assert.Equal(ConsensusRole.Coordinator, institution.Machine.Role);
    }

    /// <summary>Section 5.2 (a): one vote counts once, and a refusal not at all.</summary>
    [Fact]
    public void Votes_DoubledOrRefused_DoNotCount()
    {
        var institution = new InstitutionUnderTest(5);
        institution.Campaign();
        institution.Hear(1, new ConsensusMessage.VoteReply(new Ballot(1), true));
        institution.Hear(1, new ConsensusMessage.VoteReply(new Ballot(1), true));
        institution.Hear(2, new ConsensusMessage.VoteReply(new Ballot(1), false));
        Assert.Equal(ConsensusRole.Candidate, institution.Machine.Role);
    }

    /// <summary>Section 5.2: votes of an earlier ballot are not votes in this one.</summary>
    [Fact]
    public void Votes_OfAnEarlierBallot_DoNotCount()
    {
        var institution = new InstitutionUnderTest();
        institution.Campaign();
        institution.Campaign();
        institution.Hear(1, new ConsensusMessage.VoteReply(new Ballot(1), true));
        Assert.Equal((ConsensusRole.Candidate, new Ballot(2)), (institution.Machine.Role, institution.Machine.Ballot));
    }

    /// <summary>Section 5.2: the winner says so to all at once; here by its first entry (section 8).</summary>
    [Fact]
    public void Win_Always_OpensTheBallotAtAllFollowers()
    {
        var effects = new InstitutionUnderTest(5).Win();
        Assert.Single(effects.OfType<ConsensusEffect.BecameCoordinator>());
        var sent = effects.Said<ConsensusMessage.AppendRequest>();
        Assert.Equal(4, sent.Length);
        Assert.All(sent, m => Assert.IsType<Agreement.BallotOpened>(Assert.Single(m.Entries).Agreement));
    }

    /// <summary>Section 5.2 (b): a candidate that hears of a coordinator of its ballot follows it.</summary>
    [Fact]
    public void Campaign_CoordinatorOfTheSameBallotHeard_Ends()
    {
        var institution = new InstitutionUnderTest();
        institution.Campaign();
        institution.Hear(2, Append(1, default, []));
        institution.Hear(1, new ConsensusMessage.VoteReply(new Ballot(1), true));
        Assert.Equal((ConsensusRole.Follower, Some.Node(2)), (institution.Machine.Role, institution.Machine.Coordinator));
    }

    /// <summary>Section 5.2 (b): one of an earlier ballot does not stop it.</summary>
    [Fact]
    public void Campaign_CoordinatorOfAnEarlierBallotHeard_GoesOn()
    {
        var institution = new InstitutionUnderTest(progress: Disk([], ballot: 3));
        institution.Campaign();
        institution.Hear(2, Append(3, default, []));
        Assert.Equal(ConsensusRole.Candidate, institution.Machine.Role);
    }

    /// <summary>Section 5.2 (c): nobody wins, and after another wait it stands again, in a higher ballot.</summary>
    [Fact]
    public void Campaign_SplitVote_IsRepeatedInTheNextBallot()
    {
        var institution = new InstitutionUnderTest();
        institution.Campaign();
        Assert.True(institution.Machine.NextDeadline >= institution.Now + Patience);
        institution.Campaign();
        Assert.Equal(new Ballot(2), institution.Machine.Ballot);
    }

    /// <summary>One institution agrees with itself, and has nothing to wait for.</summary>
    [Fact]
    public void Alone_Proposes_AgreesAtOnce()
    {
        var institution = new InstitutionUnderTest(1);
        Assert.Equal([1], institution.Tick().Applied());
        var effects = institution.Propose(Round(1));
        Assert.Equal([2], effects.Applied());
        Assert.IsType<ConsensusEffect.Persist>(effects[0]);
        Assert.Null(institution.Machine.NextDeadline);
    }
}
