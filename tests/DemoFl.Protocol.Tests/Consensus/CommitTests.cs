using static DemoFl.Protocol.Tests.InstitutionUnderTest;

namespace DemoFl.Protocol.Tests.Consensus;

/// <summary>Entries of earlier ballots (section 5.4.2, figure 8).</summary>
public class CommitTests
{
    /// <summary>
    /// Figure 8 (c): S1 is elected again, and its entry of ballot 2 comes to be on a majority of disks. Not committed: S5, with an entry of ballot 3, may still
    /// win, as in (d), and replace it.
    /// </summary>
    [Fact]
    public void Acknowledged_OldEntryByAMajority_IsNotCommitted()
    {
        var institution = Elected();
        institution.Acknowledge(1, 2);
        institution.Acknowledge(2, 2);
        Assert.Equal(0, institution.Machine.Committed);
        Assert.Empty(institution.Acknowledge(3, 2).Applied());
    }

    /// <summary>Figure 8 (e): an entry of its own ballot on a majority commits all before it: S5 cannot win any more.</summary>
    [Fact]
    public void Acknowledged_OwnEntryByAMajority_CommitsTheOlderToo()
    {
        var institution = Elected();
        institution.Acknowledge(1, 3);
        Assert.Equal([1, 2, 3], institution.Acknowledge(2, 3).Applied());
    }

    /// <summary>Figure 8 (d): S5 replaces what was on a majority and never committed; S2 lets it go.</summary>
    [Fact]
    public void Append_OfS5_ReplacesWhatWasNotCommitted()
    {
        var second = new InstitutionUnderTest(5, Disk([1, 2], ballot: 4));
        Assert.True(second.Answer<ConsensusMessage.AppendReply>(4, Append(5, At(1, 1), Entries(2, 3))).Matches);
        Assert.Equal(At(2, 3), second.Machine.Last);
    }

    /// <summary>Figure 8 (e) seen by S3, which has what S1 committed: S5 does not get its vote (section 5.4.3).</summary>
    [Fact]
    public void VoteRequest_OfS5AfterTheCommit_IsRefused()
    {
        var third = new InstitutionUnderTest(5, Disk([1, 2, 4]));
        Assert.False(third.Answer<ConsensusMessage.VoteReply>(4, new ConsensusMessage.VoteRequest(new Ballot(5), At(2, 3))).Granted);
    }

    /// <summary>S1 in figure 8 (c): entries of ballots 1 and 2, and ballot 4 won, with its first entry.</summary>
    private static InstitutionUnderTest Elected()
    {
        var institution = new InstitutionUnderTest(5, Disk([1, 2], ballot: 3));
        institution.Win();
        Assert.Equal(At(3, 4), institution.Machine.Last);
        return institution;
    }
}
