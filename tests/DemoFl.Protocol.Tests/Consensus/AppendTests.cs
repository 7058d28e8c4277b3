using static DemoFl.Protocol.Tests.InstitutionUnderTest;

namespace DemoFl.Protocol.Tests.Consensus;

/// <summary>What a follower does with entries (figure 2, AppendEntries; section 5.3).</summary>
public class AppendTests
{
    /// <summary>Figure 2, AppendEntries: saved before it is acknowledged.</summary>
    [Fact]
    public void Append_ThatFollows_IsSavedAndThenAcknowledged()
    {
        var effects = new InstitutionUnderTest(progress: Disk([1])).Hear(1, Append(1, At(1, 1), Entries(2, 1, 1)));
        var change = Assert.IsType<ConsensusEffect.Persist>(effects[0]).Log!;
        Assert.Equal((1L, 2), (change.KeptUpTo, change.Appended.Length));
        Assert.Equal(new ConsensusMessage.AppendReply(new Ballot(1), true, 3), Assert.IsType<ConsensusEffect.Send>(effects[1]).Message);
    }

    /// <summary>AppendEntries rule 2; section 5.3: refused without an entry at the previous place, or with another one there.</summary>
    [Theory]
    [InlineData(3, 2)]
    [InlineData(2, 2)]
    public void Append_AfterSomethingElse_IsRefused(long index, ulong ballot)
    {
        var institution = new InstitutionUnderTest(progress: Disk([1, 1]));
        var reply = institution.Answer<ConsensusMessage.AppendReply>(1, Append(2, At(index, ballot), Entries(index + 1, 2)));
        Assert.Equal((false, index), (reply.Matches, reply.Index));
        Assert.Equal(At(2, 1), institution.Machine.Last);
    }

    /// <summary>Section 5.3, end: the hint skips all entries of ballots that the coordinator cannot have there.</summary>
    [Fact]
    public void Append_AfterAnOlderBallot_IsRefusedWithAHint()
    {
        var institution = new InstitutionUnderTest(progress: Disk([1, 2, 4, 4, 4, 4]));
        Assert.Equal(At(2, 2), institution.Answer<ConsensusMessage.AppendReply>(1, Append(5, At(6, 3), [])).Hint);
    }

    /// <summary>AppendEntries rules 3 and 4, figure 7: what conflicts goes, with all behind it.</summary>
    [Fact]
    public void Append_Conflicting_ReplacesTheRest()
    {
        var institution = new InstitutionUnderTest(progress: Disk([1, 1, 2, 2, 2]));
        var change = institution.Hear(1, Append(3, At(1, 1), Entries(2, 1, 3))).Saved()!.Log!;
        Assert.Equal(2, change.KeptUpTo);
        Assert.Equal(At(3, 3), Assert.Single(change.Appended).Position);
        Assert.Equal(At(3, 3), institution.Machine.Last);
    }

    /// <summary>Section 5.5: twice is once. Rule 3: an old message does not take back what came after it.</summary>
    [Fact]
    public void Append_Again_ChangesNothing()
    {
        var institution = new InstitutionUnderTest();
        var first = Append(1, default, Entries(1, 1));
        institution.Hear(1, first);
        institution.Hear(1, Append(1, At(1, 1), Entries(2, 1, 1)));
        var effects = institution.Hear(1, first);
        Assert.Null(effects.Saved());
        Assert.Equal(1, effects.SaidTo<ConsensusMessage.AppendReply>(1)!.Index);
        Assert.Equal(At(3, 1), institution.Machine.Last);
    }

    /// <summary>Rule 5: commits up to the coordinator's, and applies in order, each entry once.</summary>
    [Fact]
    public void Append_WithCommitted_AppliesInOrderOnce()
    {
        var institution = new InstitutionUnderTest();
        Assert.Equal([1, 2], institution.Hear(1, Append(1, default, Entries(1, 1, 1, 1), committed: 2)).Applied());
        Assert.Empty(institution.Hear(1, Append(1, At(3, 1), [], committed: 1)).Applied());
        Assert.Equal([3], institution.Hear(1, Append(1, At(3, 1), [], committed: 9)).Applied());
    }

    /// <summary>Rule 5: only what has been compared with the coordinator's log; what is behind it may be another's.</summary>
    [Fact]
    public void Append_WithCommittedBeyondIt_CommitsOnlyWhatItCompared()
    {
        var institution = new InstitutionUnderTest(progress: Disk([1, 1, 2, 2]));
        Assert.Equal([1, 2], institution.Hear(1, Append(3, At(1, 1), Entries(2, 1), committed: 4)).Applied());
    }

    /// <summary>What is committed is in every coordinator's log (section 5.4.3): before it nothing needs to be compared.</summary>
    [Fact]
    public void Append_BeforeWhatIsCommitted_IsAnsweredWithThat()
    {
        var institution = new InstitutionUnderTest();
        institution.Hear(1, Append(1, default, Entries(1, 1, 1, 1), committed: 3));
        Assert.Equal(new ConsensusMessage.AppendReply(new Ballot(2), true, 3), institution.Answer<ConsensusMessage.AppendReply>(2, Append(2, At(1, 1), Entries(2, 1))));
    }

    /// <summary>Figure 2, volatile state: what is committed is learned anew after a restart, and applied anew from the snapshot.</summary>
    [Fact]
    public void Append_AfterARestart_AppliesFromTheSnapshot()
    {
        var snapshot = new ConsensusSnapshot(At(2, 1), null, Round(2));
        var institution = new InstitutionUnderTest(progress: new ConsensusProgress(new HardState(new Ballot(1), null), snapshot, Entries(3, 1, 1)));
        Assert.Equal((2L, At(4, 1)), (institution.Machine.Committed, institution.Machine.Last));
        Assert.Equal([3, 4], institution.Hear(1, Append(1, At(4, 1), [], committed: 4)).Applied());
    }

    /// <summary>A log with a gap is no log.</summary>
    [Fact]
    public void Begin_LogWithAGap_Throws() => Assert.Throws<ArgumentException>(
        () => new InstitutionUnderTest(progress: new ConsensusProgress(default, ConsensusSnapshot.Empty, Entries(2, 1))));
}
