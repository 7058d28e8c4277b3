using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// What institutions say to each other (figures 2 and 13; thesis section 9.6). Any of them may be late, lost, doubled or out of order; the channel
/// authenticates who speaks.
/// </summary>
/// <param name="Ballot">The speaker's, or in asking for a pre-vote and granting it the one that would be campaigned in.</param>
public abstract record ConsensusMessage(Ballot Ballot)
{
    /// <summary>Would you vote for me in this ballot? Binds nobody and changes nothing.</summary>
    /// <param name="Ballot">The speaker's own plus one.</param>
    /// <param name="Last">Where its log ends.</param>
    public sealed record PreVoteRequest(Ballot Ballot, LogPosition Last) : ConsensusMessage(Ballot);

    /// <summary>The answer; a refusal carries the speaker's own ballot.</summary>
    public sealed record PreVoteReply(Ballot Ballot, bool Granted) : ConsensusMessage(Ballot);

    /// <summary>RequestVote.</summary>
    public sealed record VoteRequest(Ballot Ballot, LogPosition Last) : ConsensusMessage(Ballot);

    /// <summary>The answer, of one who has saved it.</summary>
    public sealed record VoteReply(Ballot Ballot, bool Granted) : ConsensusMessage(Ballot);

    /// <summary>AppendEntries; without entries a heartbeat.</summary>
    /// <param name="Ballot">The coordinator's.</param>
    /// <param name="Previous">What the receiver must have right before the entries.</param>
    /// <param name="Entries">From there on without gaps, at most <see cref="ConsensusLimits.MaxEntriesPerMessage"/>.</param>
    /// <param name="Committed">Up to which index the coordinator knows its log to be committed.</param>
    public sealed record AppendRequest(Ballot Ballot, LogPosition Previous, ImmutableArray<LogEntry> Entries, long Committed) : ConsensusMessage(Ballot);

    /// <summary>The answer, of one who has saved the entries.</summary>
    /// <param name="Ballot">The speaker's.</param>
    /// <param name="Matches">Whether the speaker's log has what the coordinator's has.</param>
    /// <param name="Index">If so, up to here; if not, the index of the <c>Previous</c> that it does not have.</param>
    /// <param name="Hint">
    /// If not: the last place where the logs could agree as far as the speaker can tell. Skips a ballot at a time rather than an entry (section 5.3, end).
    /// </param>
    public sealed record AppendReply(Ballot Ballot, bool Matches, long Index, LogPosition Hint = default) : ConsensusMessage(Ballot);

    /// <summary>What the receiver lacks is no longer in the coordinator's log (section 7).</summary>
    public sealed record InstallSnapshot(Ballot Ballot, ConsensusSnapshot Snapshot) : ConsensusMessage(Ballot);

    /// <summary>The speaker has saved everything up to <paramref name="Index"/>; 0 when it refused an old ballot.</summary>
    public sealed record InstallReply(Ballot Ballot, long Index) : ConsensusMessage(Ballot);
}
