using System.Collections.Immutable;
using static DemoFl.Protocol.Tests.InstitutionUnderTest;

namespace DemoFl.Protocol.Tests.Consensus;

/// <summary>Nothing grows without a bound, and nobody else is listened to.</summary>
public class ConsensusLimitTests
{
    [Fact]
    public void Propose_WithTooManyUncommitted_IsRefused()
    {
        var institution = ReplicationTests.Seated(1, new ConsensusLimits(Uncommitted: 2));
        institution.Propose(Round(1));
        institution.Propose(Round(2));
        var refused = new ConsensusEffect.ProposalRefused(7, ProposalRefusal.TooManyUncommitted, Some.Node(0));
        Assert.Equal(refused, Assert.Single(institution.Propose(Round(3))));
        institution.Acknowledge(1, 2);
        Assert.Single(institution.Propose(Round(3)).OfType<ConsensusEffect.ProposalAccepted>());
    }

    [Fact]
    public void Propose_FollowersSilent_SendsNoMoreThanMayBeUnacknowledged()
    {
        var institution = ReplicationTests.Seated(1, new ConsensusLimits(Unacknowledged: 3));
        var sent = Enumerable.Range(1, 10).Sum(i => institution.Propose(Round((ulong)i)).Count(e => e is ConsensusEffect.Send s && s.To == Some.Node(1)));
        Assert.Equal(3, sent);
        Assert.Equal(7, institution.Acknowledge(1, 4).SaidTo<ConsensusMessage.AppendRequest>(1) is { } m ? (int)m.Previous.Index + m.Entries.Length - 4 : 0);
    }

    [Fact]
    public void Mismatch_FarBehind_SendsNoMoreThanFitsAMessage()
    {
        var institution = new InstitutionUnderTest(progress: Disk([.. Enumerable.Repeat(1UL, 20)]), limits: new ConsensusLimits(EntriesPerMessage: 5));
        institution.Win();
        var retry = institution.Hear(1, new ConsensusMessage.AppendReply(new Ballot(2), false, 20)).Said<ConsensusMessage.AppendRequest>();
        Assert.Equal(5, Assert.Single(retry).Entries.Length);
    }

    [Fact]
    public void Propose_BallotOpened_Throws() => Assert.Throws<ArgumentException>(() => new InstitutionUnderTest().Propose(new Agreement.BallotOpened()));

    [Theory]
    [InlineData(9)]
    [InlineData(0)]
    public void Received_FromNoOtherMember_IsRefused(int from)
    {
        var institution = new InstitutionUnderTest();
        var effect = Assert.Single(institution.Hear(from, new ConsensusMessage.VoteRequest(new Ballot(4), default)));
        Assert.Equal(new ConsensusEffect.Refused(Some.Node(from), ConsensusRefusal.NotAMember), effect);
        Assert.Equal(default, institution.Machine.Ballot);
    }

    public static TheoryData<ConsensusMessage> Malformed => new(
        Append(2, default, Entries(2, 1)),
        Append(2, At(1, 1), Entries(2, 2, 1)),
        Append(2, default, Entries(1, 3)),
        Append(2, At(1, 3), []),
        Append(2, At(-1, 0), []),
        Append(2, default, Entries(1, [.. Enumerable.Repeat(1UL, ConsensusLimits.MaxEntriesPerMessage + 1)])),
        new ConsensusMessage.InstallSnapshot(new Ballot(2), ConsensusSnapshot.Empty),
        new ConsensusMessage.InstallSnapshot(new Ballot(2), new ConsensusSnapshot(At(1, 3), null, null)),
        new ConsensusMessage.AppendReply(new Ballot(2), true, -1),
        new ConsensusMessage.AppendReply(new Ballot(2), false, 3, At(-1, 0)),
        new ConsensusMessage.InstallReply(new Ballot(2), -1));

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Received_Malformed_IsRefused(ConsensusMessage message)
    {
        var institution = new InstitutionUnderTest();
        Assert.Equal(new ConsensusEffect.Refused(Some.Node(1), ConsensusRefusal.Malformed), Assert.Single(institution.Hear(1, message)));
        Assert.Equal(default, institution.Machine.Ballot);
    }

    /// <summary>Election Safety (figure 3): nobody else coordinates in one's own ballot.</summary>
    [Fact]
    public void Append_InTheOwnBallot_IsRefused()
    {
        var institution = new InstitutionUnderTest();
        institution.Win();
        Assert.IsType<ConsensusEffect.Refused>(Assert.Single(institution.Hear(1, Append(1, default, []))));
        Assert.Equal(ConsensusRole.Coordinator, institution.Machine.Role);
    }

    [Fact]
    public void Rules_OutOfRange_Throw()
    {
        ImmutableArray<NodeId> members = [Some.Node(0), Some.Node(1), Some.Node(2)];
        Assert.Equal(2, Rules(members).Majority);
        Assert.Throws<ArgumentException>(() => Rules([]));
        Assert.Throws<ArgumentException>(() => Rules([Some.Node(1)]));
        Assert.Throws<ArgumentException>(() => Rules([Some.Node(0), Some.Node(0)]));
        Assert.Throws<ArgumentException>(() => Rules([.. Enumerable.Range(0, 32).Select(Some.Node)]));
        Assert.Throws<ArgumentException>(() => Rules(members, timeoutMs: 9));
        Assert.Throws<ArgumentException>(() => Rules(members, timeoutMs: 60_001));
        Assert.Throws<ArgumentException>(() => Rules(members, heartbeatMs: 501));
        Assert.Throws<ArgumentException>(() => Rules(members, heartbeatMs: 0));
        Assert.Throws<ArgumentException>(() => Rules(members, limits: new ConsensusLimits(EntriesPerMessage: 0)));
        Assert.Throws<ArgumentException>(() => Rules(members, limits: new ConsensusLimits(LogEntries: 1)));
    }

    /// <summary>The same inputs and the same entropy make the same effects.</summary>
    [Fact]
    public void Step_SameInputs_MakesTheSameEffects()
    {
        static string Life() => string.Join('\n', new InstitutionUnderTest(5, entropy: 3) is var i ? i.Win().Concat(i.Acknowledge(1, 1)).Concat(i.Tick()).Select(e => $"{e}") : []);
        Assert.Equal(Life(), Life());
    }

    private static ConsensusRules Rules(ImmutableArray<NodeId> members, int timeoutMs = 1000, int heartbeatMs = 100, ConsensusLimits? limits = null) =>
        new(Some.Node(0), members, TimeSpan.FromMilliseconds(timeoutMs), TimeSpan.FromMilliseconds(heartbeatMs), limits);
}
