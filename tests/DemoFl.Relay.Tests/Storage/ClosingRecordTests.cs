using DemoFl.Protocol;
using DemoFl.Relay.Storage;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.Sharing;
using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Relay.Tests.Storage;

/// <summary>Which closing round a resumed run has to finish, by its journal.</summary>
public sealed class ClosingRecordTests : IDisposable
{
    private static readonly Relay.Job Job = Some.Job();
    private static readonly ModelSnapshot Start = new(Some.Model.Initialise(5));
    private static readonly Protocol.RoundSpec Spec = Some.Spec();
    private static readonly Protocol.LeaderSet Leaders = Some.Leaders(0, 1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Resume_BehindAClosingRecord_HasTheRoundAndTheSumToFinish()
    {
        Write(Closing);
        var (folder, progress) = RunFolder.Resume(_folder.Path, Job, Start);
        using (folder)
        {
            var unfinished = Assert.IsType<UnfinishedRound>(progress.Unfinished);
            Assert.Equal(Spec.Statement(), unfinished.Spec.Statement());
            Assert.Equal((Leaders.Digest, new Attempt(2)), (unfinished.Leaders.Digest, unfinished.Attempt));
            Assert.Equal(Some.Parties(0, 1).Digest, unfinished.Intersection.Digest);
            Assert.Equal(Words(7, RingWidth.Bits32, Spec.Training.Dimension).Bytes, progress.ClosingSum!.Vector.Bytes);
            Assert.Equal(Words(9, RingWidth.Bits64, Lanes.Count).Bytes, progress.ClosingSum.Lanes.Bytes);
        }
    }

    public static TheoryData<string> Ends => ["aborted", "committed", "term", "round", "late", "another file"];

    /// <summary>Slow work of a round that was given up may write its record behind the round's end.</summary>
    [Theory]
    [MemberData(nameof(Ends))]
    public void Resume_BehindTheEndOfTheRoundOrOfItsAttempt_HasNothingToFinish(string end)
    {
        var aborted = new JournalRecord { RoundAborted = new JournalRecord.Types.RoundAborted { Round = 1, Reason = "why" } };
        Write(folder =>
        {
            if (end == "late")
            {
                folder.Append(aborted);
            }

            Closing(folder);
            switch (end)
            {
                case "aborted":
                    folder.Append(aborted);
                    break;
                case "committed":
                    folder.Commit(new RoundCommittedRecord { Round = 1, ModelHash = Field.Of(Start.Hash), NextClip = 0.5 }, Job, Start);
                    break;
                case "term":
                    folder.Append(new JournalRecord { TermOpened = new TermOpened { Term = 2 } });
                    break;
                case "round":
                    folder.Append(new JournalRecord { RoundOpened = new JournalRecord.Types.RoundOpenedRecord { Round = 2 } });
                    break;
                case "another file":
                    folder.SaveClosing(1, Words(8, RingWidth.Bits32, Spec.Training.Dimension), Words(9, RingWidth.Bits64, Lanes.Count));
                    break;
            }
        });
        var (resumed, progress) = RunFolder.Resume(_folder.Path, Job, Start);
        using (resumed)
        {
            Assert.Null(progress.Unfinished);
        }
    }

    private static RingVector Words(ulong seed, RingWidth ring, int length)
    {
        var vector = new RingVector(ring, length);
        new Random((int)seed).NextBytes(vector.Bytes);
        return vector;
    }

    private static void Closing(RunFolder folder)
    {
        var (name, hash) = folder.SaveClosing(1, Words(7, RingWidth.Bits32, Spec.Training.Dimension), Words(9, RingWidth.Bits64, Lanes.Count));
        folder.Append(new JournalRecord
        {
            RoundClosing = new RoundClosing
            {
                Round = 1, Attempt = 2, Intersection = { Records.ToWire(Some.Parties(0, 1)) }, SumFile = name, SumHash = Field.Of(hash),
                Spec = RoundSpecs.ToWire(Spec, default), Leaders = Records.ToWire(Leaders, default),
            },
        });
    }

    private void Write(Action<RunFolder> write)
    {
        using var folder = RunFolder.Create(_folder.Path, Job, Start, 0.5);
        folder.Append(new JournalRecord { TermOpened = new TermOpened { Term = 1 } });
        folder.Append(new JournalRecord { RoundOpened = new JournalRecord.Types.RoundOpenedRecord { Round = 1 } });
        write(folder);
    }
}
