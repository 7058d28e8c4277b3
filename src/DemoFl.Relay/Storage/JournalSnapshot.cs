using DemoFl.V1;

namespace DemoFl.Relay.Storage;

/// <summary>Fewer records from which the same state follows.</summary>
internal static class JournalSnapshot
{
    /// <summary>The creation, one record for everything up to the last commit, and all behind it as they are: a round that is open stays open.</summary>
    public static IReadOnlyList<JournalRecord> Compacted(IReadOnlyList<JournalRecord> records, string path)
    {
        int last = records.Count - 1;
        while (last > 0 && records[last].RecordCase is not (JournalRecord.RecordOneofCase.RoundCommitted or JournalRecord.RecordOneofCase.RunSnapshot))
        {
            last--;
        }

        return last == 0 ? records : [records[0], Of(RunProgress.Replay([.. records.Take(last + 1)], path)), .. records.Skip(last + 1)];
    }

    /// <summary>A run between two rounds.</summary>
    public static JournalRecord Of(RunProgress progress) => new()
    {
        RunSnapshot = new RunSnapshot
        {
            LastTerm = progress.LastTerm.Value, LastRound = progress.LastRound.Value, CommittedRounds = (uint)progress.CommittedRounds,
            LastCommit = progress.LastCommit,
        },
    };
}
