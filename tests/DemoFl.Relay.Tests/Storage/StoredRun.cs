using System.Runtime.InteropServices;
using DemoFl.Protocol;
using DemoFl.Relay.Coordination;
using DemoFl.Relay.Storage;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.Sharing;
using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Relay.Tests.Storage;

/// <summary>
/// A run of d = 8 with three commits, the second of which made the best model, cut off in its fifth round; all its files in memory, to be damaged and
/// put back again and again.
/// </summary>
internal sealed class StoredRun
{
    public const string Journal = "journal";
    public const string Mark = "journal.mark";
    public const string Newest = "checkpoints/round-000004.safetensors";
    public const string Older = "checkpoints/round-000003.safetensors";
    public const string Moments = "moments/round-000004.safetensors";
    public const string Best = "best.safetensors";
    public const string ClosingSum = "closing/round-000005.sum";

    private static readonly ModelSnapshot Start = new(Some.Model.Initialise(5));

    private readonly string _folder;
    private readonly Relay.Job _job;

    private StoredRun(string folder, Relay.Job job) => (_folder, _job) = (folder, job);

    /// <summary>By path within the folder.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Each length that the journal had.</summary>
    public List<int> Appends { get; } = [];

    /// <summary>The kinds of runs: a plain one, one with masks in the middle of a release, that with its journal compacted, one with a server optimiser.</summary>
    public static StoredRun Make(string folder, string kind)
    {
        var rules = Some.Rules(kind == "plain" ? Layout.Plain : Layout.Masked);
        var step = kind == "adam" ? new ServerStep(ServerMethod.Adam, 0.5, 0.9, 0.99, 0.001) : default;
        var run = new StoredRun(folder, Some.Job(rules with { Training = rules.Training with { Server = step } }));
        using (var opened = RunFolder.Create(folder, run._job, Start, 0.5))
        {
            run.Fill(opened, closes: kind != "plain");
        }

        if (kind == "compacted")
        {
            RunFolder.Resume(folder, run._job, Start, new Retention { JournalBytes = 0 }).Folder.Dispose();
        }

        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            run.Files[Path.GetRelativePath(folder, file)] = File.ReadAllBytes(file);
        }

        return run;
    }

    /// <summary>Puts everything back as it was, but for one file.</summary>
    public void Put(string damaged, byte[] content)
    {
        var there = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories);
        foreach (string file in there.Where(f => !Files.ContainsKey(Path.GetRelativePath(_folder, f))))
        {
            File.Delete(file);
        }

        foreach (var (name, bytes) in Files)
        {
            string path = Path.Combine(_folder, name);
            byte[] wanted = name == damaged ? content : bytes;
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(wanted))
            {
                File.WriteAllBytes(path, wanted);
            }
        }
    }

    /// <summary>All that the run goes on from, bit by bit.</summary>
    public string State(Retention? retention = null, string? folder = null)
    {
        var (opened, progress) = RunFolder.Resume(folder ?? _folder, _job, Start, retention);
        using (opened)
        {
            float[] best = opened.Best.Path is { } path ? CheckpointFile.Read(path).Values : [];
            var moments = progress.Moments is { } m ? m.Values : [];
            return string.Join('\n', [
                $"run {progress.Run}, term {progress.LastTerm}, round {progress.LastRound}, {progress.CommittedRounds} committed, clip {progress.Clip}",
                $"model {Bits(progress.Model!.Parameters)} {progress.ModelHash}, moments {Bits(moments)}, judged {progress.JudgedFor(_job)}",
                $"unfinished {progress.Unfinished?.Spec.Round} {progress.Unfinished?.Attempt} {progress.ClosingSum?.Vector.Bytes.Length}",
                $"newest {opened.NewestCheckpoint}, best {opened.Best.Round} {Bits(best)}",
            ]);
        }
    }

    private static string Bits(ReadOnlySpan<float> values) => Convert.ToHexString(MemoryMarshal.AsBytes(values));

    private void Fill(RunFolder folder, bool closes)
    {
        var (model, moments) = (Start, ServerSteps.Begin(_job));
        Append(folder, new JournalRecord { TermOpened = new TermOpened { Term = 1 } });
        foreach (ulong round in new ulong[] { 1, 3, 4 })
        {
            Open(folder, round, closes);
            model = model.Changed(parameters => parameters[(int)round] += 0.125f);
            moments = moments is null ? null : new Moments(moments.Layout, [.. moments.Values.ToArray().Select(v => v + round)]);
            var record = new RoundCommittedRecord
            {
                Round = round, ModelHash = Field.Of(model.Hash), NextClip = 0.25, QuietRounds = (uint)round, Parties = 3,
                Totals = Records.ToWire(new Protocol.RoundTotals(30, 2, 12.5, 17, 30)), Judged = new Judged { Loss = 1.0 / round, Accuracy = 0.5 },
            };
            folder.Commit(record, _job, model, moments);
            Appends.Add(LengthOf(Journal));
            folder.Best.Consider(new Round(round), _job, model, new Judgement(1.0 / round, round == 3 ? 0.9 : 0.5));
            folder.ForgetClosing(round);
        }

        Append(folder, new JournalRecord { TermOpened = new TermOpened { Term = 2 } });
        Open(folder, 5, closes);
    }

    private void Open(RunFolder folder, ulong round, bool closes)
    {
        Append(folder, new JournalRecord { RoundOpened = new JournalRecord.Types.RoundOpenedRecord { Round = round } });
        if (closes)
        {
            var (sum, lanes) = (new RingVector(RingWidth.Bits32, 8), new RingVector(RingWidth.Bits64, Lanes.Count));
            sum.AddAt(0, Some.RandomVectors((int)round, 1, sum.ByteLength)[0]);
            var (name, hash) = folder.SaveClosing(round, sum, lanes);
            Append(folder, new JournalRecord
            {
                RoundClosing = new RoundClosing
                {
                    Round = round, Attempt = 1, Intersection = { Records.ToWire(Some.Parties(1, 2, 3)) }, SumFile = name, SumHash = Field.Of(hash),
                    Spec = RoundSpecs.ToWire(Some.Spec(round: round), default), Leaders = Records.ToWire(Some.Leaders(0, 1), default),
                },
            });
        }
    }

    private void Append(RunFolder folder, JournalRecord record)
    {
        folder.Append(record);
        Appends.Add(LengthOf(Journal));
    }

    private int LengthOf(string file) => (int)new FileInfo(Path.Combine(_folder, file)).Length;
}
