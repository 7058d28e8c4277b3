using System.Text;
using DemoFl.Cli.Output;
using DemoFl.Node.Owner;

namespace DemoFl.Fuzz;

/// <summary>
/// A file of an owner's record: read line by line, damaged ones named, and every line that was read shown. Nothing in it is worth a refusal, and a
/// changed one never passes for what was written.
/// </summary>
internal sealed class OwnerRecordTarget : FileTarget
{
    private readonly byte[] _whole;
    private readonly string[] _lines;

    public OwnerRecordTarget()
        : base("owner-record", InputForm.Text)
    {
        string folder = Path.Combine(Folder, "written");
        using (var chain = RecordChain.Open(Directory.CreateDirectory(folder).FullName, new FixedClock()))
        {
            chain.Append(
            [
                RecordNote.Start("alice", 0), RecordNote.Join(new Uri("http://127.0.0.1:1"), Samples.Node(1)),
                RecordNote.Joined(Samples.Run, "hub", Hash256.Of("k"u8)),
                RecordNote.Offer(Samples.LeaderSet(), new Slot(1)), RecordNote.Answer(Samples.Offer(0, 0).Offer),
                RecordNote.Announcement(Samples.Round, Samples.LeaderSet().Seats[0]),
                RecordNote.Vector(Samples.Spec(), RecordNote.Coordinator, 32, Hash256.Of("v"u8)), RecordNote.Sum(Samples.Spec(), Samples.Attempt, 5, 32),
                RecordNote.Ended(Samples.Round, 5, null), RecordNote.Finished(true, "done"),
            ], durable: false);
        }

        _whole = File.ReadAllBytes(Directory.GetFiles(folder).Single());
        _lines = Encoding.UTF8.GetString(_whole).Split('\n');
        Directory.Delete(folder, recursive: true);
    }

    public override IReadOnlyList<string> Words { get; } =
        ["\"n\":", "\"at\":", "\"event\":", "\"prev\":", "\"round\":", "\"to\":", "{", "}", "[", "]", "null", "vector", "sum"];

    public override int ExecutionsInABuild => 300;

    public override IEnumerable<byte[]> Seeds() => [_whole];

    public override string Read(byte[] input)
    {
        Write("000001.jsonl", input);
        var content = RecordReader.Read(Folder);
        foreach (var line in content.Lines)
        {
            BrokenPromiseException.Unless(RecordText.Of(line) is not null && line.Fields.ToJsonString().Length > 0, "a line is shown as nothing");
        }

        // All lines hold and are in their order: then they are as they were written, from the first on.
        bool isWritten = content.Lines.Count <= _lines.Length && content.Lines.Zip(_lines).All(l => l.First.Hash == Hash256.Of(Encoding.UTF8.GetBytes(l.Second)));
        BrokenPromiseException.Unless(
            content.Problems.Count > 0 || isWritten || content.Lines[^1].Hash != Hash256.Of(Encoding.UTF8.GetBytes(_lines[^2])),
            "a changed record passes for what was written");
        return $"{Shape.Order((ulong)content.Lines.Count)} {Shape.Order((ulong)content.Problems.Count)} {content.TornBytes > 0}";
    }

    public override bool IsRefusal(Exception e) => false;
}
