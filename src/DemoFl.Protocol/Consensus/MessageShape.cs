namespace DemoFl.Protocol;

/// <summary>What no member that keeps to the protocol can have sent, whatever the network did.</summary>
internal static class MessageShape
{
    /// <param name="message">Of another member.</param>
    /// <param name="coordinates">The ballot in which the receiver coordinates, or null: nobody else does in it.</param>
    public static bool IsSound(ConsensusMessage message, Ballot? coordinates) => message switch
    {
        ConsensusMessage.AppendRequest m => m.Ballot != coordinates && Follow(m),
        ConsensusMessage.InstallSnapshot m => m.Ballot != coordinates && m.Snapshot.Last.Index > 0 && m.Snapshot.Last.Ballot <= m.Ballot,
        ConsensusMessage.AppendReply m => m.Index >= 0 && m.Hint.Index >= 0,
        ConsensusMessage.InstallReply m => m.Index >= 0,
        _ => true,
    };

    private static bool Follow(ConsensusMessage.AppendRequest m)
    {
        var last = m.Previous;
        foreach (var entry in m.Entries)
        {
            if (entry.Index != last.Index + 1 || entry.Ballot < last.Ballot)
            {
                return false;
            }

            last = entry.Position;
        }

        return m.Previous.Index >= 0 && m.Entries.Length <= ConsensusLimits.MaxEntriesPerMessage && last.Ballot <= m.Ballot;
    }
}
