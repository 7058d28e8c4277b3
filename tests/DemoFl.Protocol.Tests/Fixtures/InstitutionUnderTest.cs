using System.Collections.Immutable;

namespace DemoFl.Protocol.Tests;

/// <summary>The consensus machine of institution 0 and a way to talk to it.</summary>
internal sealed class InstitutionUnderTest
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(200);

    private readonly int _members;

    public InstitutionUnderTest(int members = 3, ConsensusProgress? progress = null, ConsensusLimits? limits = null, ulong entropy = 1)
    {
        _members = members;
        var rules = new ConsensusRules(Some.Node(0), [.. Enumerable.Range(0, members).Select(Some.Node)], Patience, Heartbeat, limits);
        Machine = new ConsensusMachine(rules, progress ?? ConsensusProgress.None, entropy, TimeSpan.Zero);
    }

    public ConsensusMachine Machine { get; }

    public TimeSpan Now { get; set; }

    private int Needed => _members / 2;

    /// <summary>A disk with entries of these ballots, in the highest of them or in <paramref name="ballot"/>.</summary>
    public static ConsensusProgress Disk(ulong[] ballots, ulong? ballot = null, NodeId? vote = null) =>
        new(new HardState(new Ballot(ballot ?? ballots.DefaultIfEmpty().Max()), vote), ConsensusSnapshot.Empty, Entries(1, ballots));

    /// <summary>Entries of these ballots from index <paramref name="first"/> on; the same place and ballot always hold the same.</summary>
    public static ImmutableArray<LogEntry> Entries(long first, params ulong[] ballots) =>
        [.. ballots.Select((ballot, i) => new LogEntry(first + i, new Ballot(ballot), Round((ulong)(first + i), ballot)))];

    public static Agreement.RoundCommitted Round(ulong round, ulong ballot = 0) => new(new Round(round), default, Some.Hash($"model {round} of {ballot}"));

    public static LogPosition At(long index, ulong ballot) => new(index, new Ballot(ballot));

    public static ConsensusMessage.AppendRequest Append(ulong ballot, LogPosition previous, ImmutableArray<LogEntry> entries, long committed = 0) =>
        new(new Ballot(ballot), previous, entries, committed);

    public List<ConsensusEffect> Step(ConsensusInput input)
    {
        var effects = new List<ConsensusEffect>();
        Machine.Step(input, Now, effects);
        return effects;
    }

    public List<ConsensusEffect> Hear(int from, ConsensusMessage message) => Step(new ConsensusInput.Received(Some.Node(from), message));

    /// <summary>What institution 0 answers.</summary>
    public T Answer<T>(int from, ConsensusMessage message)
        where T : ConsensusMessage => Assert.IsType<T>(Assert.Single(Hear(from, message).OfType<ConsensusEffect.Send>(), s => s.To == Some.Node(from)).Message);

    /// <summary>Waits until the machine's own deadline.</summary>
    public List<ConsensusEffect> Tick()
    {
        Now = Machine.NextDeadline!.Value;
        return Step(new ConsensusInput.Tick());
    }

    /// <summary>Out of patience, and with enough promises of votes.</summary>
    public List<ConsensusEffect> Campaign()
    {
        var effects = Tick();
        for (int voter = 1; voter <= Needed; voter++)
        {
            effects = Hear(voter, new ConsensusMessage.PreVoteReply(Machine.Ballot.Next, true));
        }

        return effects;
    }

    /// <summary>And with enough votes; what it does upon the last of them.</summary>
    public List<ConsensusEffect> Win()
    {
        var effects = Campaign();
        for (int voter = 1; voter <= Needed; voter++)
        {
            effects = Hear(voter, new ConsensusMessage.VoteReply(Machine.Ballot, true));
        }

        return effects;
    }

    public List<ConsensusEffect> Acknowledge(int from, long index) => Hear(from, new ConsensusMessage.AppendReply(Machine.Ballot, true, index));

    public List<ConsensusEffect> Propose(Agreement agreement) => Step(new ConsensusInput.Propose(7, agreement));
}

/// <summary>What effects say, in short.</summary>
internal static class ConsensusEffects
{
    /// <summary>Messages of a kind, in order.</summary>
    public static T[] Said<T>(this IEnumerable<ConsensusEffect> effects)
        where T : ConsensusMessage => [.. effects.OfType<ConsensusEffect.Send>().Select(s => s.Message).OfType<T>()];

    public static T? SaidTo<T>(this IEnumerable<ConsensusEffect> effects, int to)
        where T : ConsensusMessage => effects.OfType<ConsensusEffect.Send>().Where(s => s.To == Some.Node(to)).Select(s => s.Message).OfType<T>().LastOrDefault();

    public static long[] Applied(this IEnumerable<ConsensusEffect> effects) => [.. effects.OfType<ConsensusEffect.Apply>().Select(a => a.Index)];

    public static ConsensusEffect.Persist? Saved(this IEnumerable<ConsensusEffect> effects) => effects.OfType<ConsensusEffect.Persist>().SingleOrDefault();
}
