using DemoFl.Learning;
using DemoFl.Relay.Coordination;
using DemoFl.Relay.Storage;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Fuzz;

/// <summary>The records of a journal whose checksums are right: what they say is refused, or makes a run that can be gone on with.</summary>
internal sealed class JournalReplayTarget() : Target("journal-records", InputForm.ProtobufStream)
{
    private static readonly Relay.Job Job = MakeJob();

    public override IEnumerable<byte[]> Seeds() =>
    [
        Framing.Join(JournalRecords.Samples.Select(r => r.ToByteArray())),
        Framing.Join(JournalRecords.Samples.Take(4).Select(r => r.ToByteArray())),
        Framing.Join([JournalRecords.Samples[0].ToByteArray(), JournalRecords.Snapshot.ToByteArray(), JournalRecords.Samples[5].ToByteArray()]),
    ];

    public override string Read(byte[] input)
    {
        JournalRecord[] records;
        try
        {
            records = [.. Framing.Split(input).Select(m => Messages.Parse(JournalRecord.Parser, m))];
        }
        catch (WireFormatException e)
        {
            // The journal says this of its file: another target.
            throw new InvalidDataException(e.Message, e);
        }

        var progress = RunProgress.Replay(records, "journal", Job);
        BrokenPromiseException.Unless(
            double.IsFinite(progress.Clip.Clip) && progress.Clip.Clip > 0 && progress.Clip.QuietRounds is >= 0 and < 1_000_000,
            "a clip that is no clip is gone on with");
        BrokenPromiseException.Unless(
            progress.LastTerm.Value < ulong.MaxValue && progress.LastRound.Value < ulong.MaxValue, "there is no term or round after the last one");
        BrokenPromiseException.Unless(
            progress.Checkpoint is null || Path.GetFileName(progress.Checkpoint) == progress.Checkpoint, "a checkpoint is looked for in another folder");

        // As ClosingSums.Load: without these there is no sum, and nothing to finish.
        bool has = progress.Closing is { Spec: not null, Leaders: not null };
        var unfinished = has ? (progress with { ClosingSum = new RingAggregate(Samples.Spec()) }).Unfinished : null;
        _ = progress.JudgedFor(Job);
        return $"{progress.CommittedRounds} {progress.Checkpoint is null} {progress.LastCommit?.Judged is null} {unfinished is null}";
    }

    public override bool IsRefusal(Exception e) => e is InvalidDataException;

    private static Relay.Job MakeJob()
    {
        var model = Models.Parse("softmax", new InputShape(1, 1, 3), 2);
        var spec = Samples.Spec();
        return Relay.Job.Of(JournalRecords.Job, model, 5, new CoordinatorRules(
            default, 2, ElectionMode.First, TimeSpan.Zero, TimeSpan.FromSeconds(30), 5, 1, 3, Layout.Masked, spec.Encoding, spec.Training, spec.UploadDeadline,
            spec.CloseDeadline, 10));
    }
}
