using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Fuzz;

/// <summary>The records of a short run.</summary>
internal static class JournalRecords
{
    public const string Job = "model=softmax parties=5";

    public static JournalRecord[] Samples { get; } =
    [
        new()
        {
            RunCreated = new RunCreated
            {
                SchemaVersion = Relay.Storage.Journal.SchemaVersion, Run = Field.Of(Fuzz.Samples.Run), Job = Job, ModelHash = Field.Of(Hash256.Of("m"u8)), Clip = 0.5,
            },
        },
        new() { TermOpened = new TermOpened { Term = 1 } },
        new() { RoundOpened = new JournalRecord.Types.RoundOpenedRecord { Round = 1 } },
        new()
        {
            RoundClosing = new RoundClosing
            {
                Round = 1, Attempt = 1, Intersection = { Records.ToWire(Fuzz.Samples.PartySet()) }, Digests = { Records.ToWire(Fuzz.Samples.Digest(0)) },
                SumFile = "round-000001.sum", SumHash = Field.Of(Hash256.Of("s"u8)), Spec = RoundSpecs.ToWire(Fuzz.Samples.Spec(round: 1), default),
                Leaders = Records.ToWire(Fuzz.Samples.LeaderSet(), default),
            },
        },
        new()
        {
            RoundCommitted = new RoundCommittedRecord
            {
                Round = 1, ModelHash = Field.Of(Hash256.Of("n"u8)), Checkpoint = "round-000001.safetensors", NextClip = 0.5, QuietRounds = 1, Parties = 5,
                Totals = Records.ToWire(Fuzz.Samples.Totals), Moments = "round-000001.safetensors", MomentsHash = Field.Of(Hash256.Of("o"u8)),
                Judged = new Judged { Loss = 0.5, Accuracy = 0.75 },
            },
        },
        new() { RoundAborted = new JournalRecord.Types.RoundAborted { Round = 2, Reason = "too few" } },
    ];

    /// <summary>What a compacted journal has in the place of what came before.</summary>
    public static JournalRecord Snapshot { get; } = new()
    {
        RunSnapshot = new RunSnapshot { LastTerm = 4, LastRound = 9, CommittedRounds = 1, LastCommit = Samples[4].RoundCommitted },
    };
}
