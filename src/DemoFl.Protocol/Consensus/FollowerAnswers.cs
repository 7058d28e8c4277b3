namespace DemoFl.Protocol;

/// <summary>What a follower makes of the coordinator's log, and what it answers (figure 2, AppendEntries; figure 13).</summary>
internal static class FollowerAnswers
{
    /// <param name="m">Of the coordinator of <paramref name="ballot"/>, or of an earlier one, which changes nothing and learns that it is earlier.</param>
    /// <param name="log">The follower's.</param>
    /// <param name="ballot">The follower's.</param>
    public static ConsensusMessage.AppendReply Answer(ConsensusMessage.AppendRequest m, ReplicatedLog log, Ballot ballot)
    {
        if (m.Ballot < ballot)
        {
            return new ConsensusMessage.AppendReply(ballot, false, m.Previous.Index);
        }

        if (m.Previous.Index < log.Committed)
        {
            // What is committed here is in every later coordinator's log.
            return new ConsensusMessage.AppendReply(ballot, true, log.Committed);
        }

        if (!log.Has(m.Previous))
        {
            long index = log.CouldAgreeUpTo(m.Previous);
            return new ConsensusMessage.AppendReply(ballot, false, m.Previous.Index, new LogPosition(index, log.BallotAt(index)));
        }

        log.Merge(m.Entries);
        long matched = m.Previous.Index + m.Entries.Length;

        // What stands behind it may be of another coordinator, and not be committed at all.
        log.Commit(Math.Min(m.Committed, matched));
        return new ConsensusMessage.AppendReply(ballot, true, matched);
    }

    /// <summary>The same for a snapshot; with what is to be saved before, if it is news.</summary>
    public static (ConsensusMessage.InstallReply Reply, ConsensusEffect.SaveSnapshot? Saved) Answer(
        ConsensusMessage.InstallSnapshot m, ReplicatedLog log, Ballot ballot)
    {
        if (m.Ballot < ballot)
        {
            return (new ConsensusMessage.InstallReply(ballot, 0), null);
        }

        var saved = m.Snapshot.Last.Index > log.Committed ? log.Install(m.Snapshot) : null;
        return (new ConsensusMessage.InstallReply(ballot, log.Committed), saved);
    }
}
