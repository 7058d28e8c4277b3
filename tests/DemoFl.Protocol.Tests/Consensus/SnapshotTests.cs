using static DemoFl.Protocol.Tests.InstitutionUnderTest;

namespace DemoFl.Protocol.Tests.Consensus;

/// <summary>Compaction, and who has fallen behind it (Raft, section 7; figure 13).</summary>
public class SnapshotTests
{
    private static readonly ConsensusLimits Short = new(LogEntries: 4);

    /// <summary>Section 7: the log is cut once it is long, after what is cut has been applied, down to half.</summary>
    [Fact]
    public void Apply_BeyondTheLimit_CompactsHalf()
    {
        var institution = new InstitutionUnderTest(limits: Short);
        Assert.Empty(institution.Hear(1, Append(1, default, Entries(1, 1, 1, 1, 1), committed: 4)).OfType<ConsensusEffect.SaveSnapshot>());
        var effects = institution.Hear(1, Append(1, At(4, 1), Entries(5, 1), committed: 5));
        Assert.Equal(new ConsensusEffect.SaveSnapshot(new ConsensusSnapshot(At(3, 1), null, Round(3, 1)), true), effects[^1]);
        Assert.Equal([5], effects.Applied());
    }

    /// <summary>Section 7: a follower whose next entry is no longer there is sent the snapshot, and then what follows it.</summary>
    [Fact]
    public void Follower_BehindTheSnapshot_IsSentIt()
    {
        var institution = Compacted();
        var sent = institution.Hear(2, new ConsensusMessage.AppendReply(institution.Machine.Ballot, false, 5)).SaidTo<ConsensusMessage.InstallSnapshot>(2)!;
        Assert.Equal(At(4, 1), sent.Snapshot.Last);
        var next = institution.Hear(2, new ConsensusMessage.InstallReply(institution.Machine.Ballot, 4)).SaidTo<ConsensusMessage.AppendRequest>(2)!;
        Assert.Equal((At(4, 1), 2), (next.Previous, next.Entries.Length));
    }

    /// <summary>Section 5.5: a snapshot that was lost is sent again with the next heartbeat.</summary>
    [Fact]
    public void Follower_BehindTheSnapshot_IsSentItWithEveryHeartbeat()
    {
        var institution = Compacted();
        institution.Hear(2, new ConsensusMessage.AppendReply(institution.Machine.Ballot, false, 5));
        Assert.NotNull(institution.Tick().SaidTo<ConsensusMessage.InstallSnapshot>(2));
    }

    /// <summary>Figure 13: saved, then taken as what is agreed, then acknowledged; the log that it does not continue goes.</summary>
    [Fact]
    public void Install_OfWhatIsUnknown_ReplacesTheLog()
    {
        var institution = new InstitutionUnderTest(progress: Disk([1, 1]));
        var snapshot = new ConsensusSnapshot(At(5, 2), Some.Leaders(), Round(4));
        var effects = institution.Hear(1, new ConsensusMessage.InstallSnapshot(new Ballot(2), snapshot));
        Assert.Equal(new HardState(new Ballot(2), null), Assert.IsType<ConsensusEffect.Persist>(effects[0]).State);
        Assert.Equal(new ConsensusEffect.SaveSnapshot(snapshot, false), effects[1]);
        Assert.Equal(new ConsensusEffect.Restore(snapshot), effects[2]);
        Assert.Equal(new ConsensusMessage.InstallReply(new Ballot(2), 5), Assert.IsType<ConsensusEffect.Send>(effects[3]).Message);
        Assert.Equal([6], institution.Hear(1, Append(2, At(5, 2), Entries(6, 2), committed: 6)).Applied());
    }

    /// <summary>Figure 13, rule 6: what follows it in a log that agrees there was acknowledged, and stays.</summary>
    [Fact]
    public void Install_OfAPartOfTheLog_KeepsTheRest()
    {
        var institution = new InstitutionUnderTest(progress: Disk([1, 1, 1, 1]));
        var effects = institution.Hear(1, new ConsensusMessage.InstallSnapshot(new Ballot(1), new ConsensusSnapshot(At(2, 1), null, Round(2, 1))));
        Assert.True(Assert.Single(effects.OfType<ConsensusEffect.SaveSnapshot>()).KeepsLaterEntries);
        Assert.Equal((2L, At(4, 1)), (institution.Machine.Committed, institution.Machine.Last));
        Assert.True(institution.Answer<ConsensusMessage.AppendReply>(1, Append(1, At(4, 1), [])).Matches);
    }

    /// <summary>Section 7: an old snapshot takes nothing back.</summary>
    [Fact]
    public void Install_OfWhatIsApplied_ChangesNothing()
    {
        var institution = new InstitutionUnderTest();
        institution.Hear(1, Append(1, default, Entries(1, 1, 1, 1), committed: 3));
        var effects = institution.Hear(1, new ConsensusMessage.InstallSnapshot(new Ballot(1), new ConsensusSnapshot(At(2, 1), null, null)));
        Assert.Equal(new ConsensusMessage.InstallReply(new Ballot(1), 3), Assert.IsType<ConsensusEffect.Send>(Assert.Single(effects)).Message);
    }

    /// <summary>Promise C1: what agreements come to has terms and rounds that never decrease.</summary>
    [Fact]
    public void With_LowerTermOrRound_KeepsTheHigher()
    {
        Agreement[] agreed = [new Agreement.LeadersSeated(Some.Leaders(term: 5)), Round(3), new Agreement.BallotOpened(), new Agreement.LeadersSeated(Some.Leaders(term: 4)), Round(3, 9)];
        var snapshot = agreed.Select((a, i) => new LogEntry(i + 1, new Ballot(1), a)).Aggregate(ConsensusSnapshot.Empty, (s, e) => s.With(e));
        Assert.Equal((At(5, 1), new Term(5), Round(3)), (snapshot.Last, snapshot.Leaders!.Term, snapshot.Round));
        Assert.Throws<ArgumentException>(() => snapshot.With(Entries(7, 1)[0]));
    }

    /// <summary>A coordinator whose snapshot reaches to 4, and whose log from there to 6; institution 1 has it all.</summary>
    private static InstitutionUnderTest Compacted()
    {
        var institution = new InstitutionUnderTest(progress: Disk([1, 1, 1, 1, 1]), limits: Short);
        institution.Win();
        institution.Acknowledge(1, 6);
        Assert.Equal(6, institution.Machine.Committed);
        return institution;
    }
}
