using System.Text;
using DemoFl.Node.Owner;

namespace DemoFl.Node.Tests.Owner;

/// <summary>What a record has is what was written, in its order; anything else shows.</summary>
public sealed class RecordChainTests : IDisposable
{
    private const string Name = "alice";

    private readonly RecordPlace _place = new();

    private string File => _place.FilesOf(Name)[^1];

    [Fact]
    public void Open_AfterARestart_ContinuesTheChain()
    {
        Write(3);
        Write(2);
        var lines = _place.LinesOf(Name);
        Assert.Equal([1, 2, 3, 4, 5], lines.Select(l => l.Number));
        Assert.Equal(default, lines[0].Previous);
        Assert.All(lines.Zip(lines.Skip(1)), pair => Assert.Equal(pair.First.Hash, pair.Second.Previous));
    }

    [Fact]
    public void Open_LastLineTorn_GoesOnBehindTheLastWholeOne()
    {
        Write(3);
        string whole = System.IO.File.ReadAllText(File);
        int lastLine = whole.Length - whole.LastIndexOf('\n', whole.Length - 2) - 1;
        for (int cut = 1; cut < lastLine; cut += 9)
        {
            System.IO.File.WriteAllText(File, whole[..^cut]);
            Assert.Equal(lastLine - cut, RecordReader.Read(_place.FolderOf(Name)).TornBytes);
            using (var chain = _place.Chain(Name))
            {
                Assert.Equal(lastLine - cut, chain.Torn);
                chain.Append([RecordNote.Refused($"after {cut}")], durable: true);
            }

            Assert.Equal(["line 0", "line 1", $"after {cut}"], _place.LinesOf(Name).Select(l => l.Text("reason")));
        }
    }

    [Fact]
    public void Open_NewestFileHasNoWholeLine_GoesOnFromTheOneBefore()
    {
        Write(3);
        System.IO.File.WriteAllText(RecordFiles.After(_place.FolderOf(Name), File), "{\"n\":4,\"at");
        Write(1);
        Assert.Equal(2, _place.FilesOf(Name).Count);
        Assert.Equal([1, 2, 3, 4], _place.LinesOf(Name).Select(l => l.Number));
    }

    [Fact]
    public void Open_LastLineIsNone_IsRefusedWithWhatToDo()
    {
        Write(3);
        System.IO.File.AppendAllText(File, "not a line\n");
        Assert.Contains("move the folder away", Assert.Throws<RecordException>(() => _place.Chain(Name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EndLongerThanAnyLine_IsRefusedAndNothingIsCutOff()
    {
        Write(3);
        System.IO.File.AppendAllText(File, new string('x', 2 * RecordFiles.MaxLineBytes));
        long length = new FileInfo(File).Length;
        Assert.Contains("move the folder away", Assert.Throws<RecordException>(() => _place.Chain(Name)).Message, StringComparison.Ordinal);
        Assert.Equal(length, new FileInfo(File).Length);
    }

    /// <summary>A file whose name a crash may take back would take its lines with it.</summary>
    [UnixFact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Append_NextFileCannotBeMadeDurable_IsRefusedAndGoesOnLater()
    {
        string folder = _place.FolderOf(Name);
        using (var chain = _place.Chain(Name, maxBytes: 200))
        {
            chain.Append([RecordNote.Refused("first")], durable: true);
            chain.Append([RecordNote.Refused("second")], durable: true);
            AsAnybody.InUnreadable(folder, () => Assert.Contains(
                "durable", Assert.Throws<RecordException>(() => chain.Append([RecordNote.Refused("lost")], durable: true)).Message, StringComparison.Ordinal));
            chain.Append([RecordNote.Refused("third")], durable: true);
        }

        Assert.Equal(["first", "second", "third"], _place.LinesOf(Name).Select(l => l.Text("reason")));
    }

    [Fact]
    public void Append_FileFull_GoesOnInTheNextOne()
    {
        const int MaxBytes = 1_000;
        using (var chain = _place.Chain(Name, MaxBytes))
        {
            for (int i = 0; i < 40; i++)
            {
                chain.Append([RecordNote.Refused($"{i}")], durable: false);
            }
        }

        Assert.True(_place.FilesOf(Name).Count > 5);
        Assert.All(_place.FilesOf(Name), f => Assert.InRange(new FileInfo(f).Length, 1, MaxBytes));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i}"), _place.LinesOf(Name).Select(l => l.Text("reason")));
    }

    [Fact]
    public void Read_BytesBehindTheLinesOfAnOlderFile_AreAProblem()
    {
        using (var chain = _place.Chain(Name, maxBytes: 500))
        {
            for (int i = 0; i < 8; i++)
            {
                chain.Append([RecordNote.Refused($"{i}")], durable: false);
            }
        }

        Assert.Empty(RecordReader.Read(_place.FolderOf(Name)).Problems);
        System.IO.File.AppendAllText(_place.FilesOf(Name)[0], "added");
        Assert.Contains("5 bytes that are no line", Assert.Single(RecordReader.Read(_place.FolderOf(Name)).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Append_FileThatCannotBeMade_ThrowsAndLaterGoesOn()
    {
        using var chain = _place.Chain(Name, maxBytes: 500);
        chain.Append([RecordNote.Refused("first")], durable: true);
        chain.Append([RecordNote.Refused("second")], durable: true);
        string block = _place.BlockNextFile(Name);
        var notes = Enumerable.Range(0, 3).Select(i => RecordNote.Refused($"{i}")).ToArray();

        var failure = Assert.Throws<RecordException>(() => chain.Append(notes, durable: true));
        Assert.Contains(_place.FolderOf(Name), failure.Message, StringComparison.Ordinal);
        Assert.Contains("--no-log", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, _place.LinesOf(Name).Count);

        Directory.Delete(block);
        chain.Append(notes, durable: true);
        Assert.Equal(["first", "second", "0", "1", "2"], _place.LinesOf(Name).Select(l => l.Text("reason")));
    }

    [Fact]
    public void Take_FolderInUse_IsRefusedAndFreeAfterwards()
    {
        var first = OwnerFolder.Take(_place.Keys, Name);
        Assert.Contains("a node of that name is running", Assert.Throws<RecordException>(() => OwnerFolder.Take(_place.Keys, Name)).Message, StringComparison.Ordinal);
        using var other = OwnerFolder.Take(_place.Keys, "bob");
        first.Dispose();
        using var again = OwnerFolder.Take(_place.Keys, Name);
        Assert.Equal(first.Path, again.Path);
    }

    [Fact]
    public void Read_EveryKindOfTampering_Shows()
    {
        Write(6);
        string[] lines = System.IO.File.ReadAllLines(File);
        string[][] tampered =
        [
            [.. lines[..2], lines[2].Replace("line 2", "line X", StringComparison.Ordinal), .. lines[3..]],
            [.. lines[..2], .. lines[3..]],
            lines[1..],
            [lines[0], lines[2], lines[1], .. lines[3..]],
            [.. lines[..3], lines[2], .. lines[3..]],
            [.. lines[..3], "", .. lines[3..]],
            [.. lines[..3], "{}", .. lines[3..]],
        ];
        foreach (string[] version in tampered)
        {
            System.IO.File.WriteAllText(File, string.Join('\n', version) + "\n");
            Assert.NotEmpty(RecordReader.Read(_place.FolderOf(Name)).Problems);
        }

        System.IO.File.WriteAllText(File, string.Join('\n', lines) + "\n");
        Assert.Empty(RecordReader.Read(_place.FolderOf(Name)).Problems);
    }

    [Fact]
    public void Read_AnyOneByteChanged_Shows()
    {
        Write(4);
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        int lastLine = Array.LastIndexOf(bytes, (byte)'\n', bytes.Length - 2) + 1;
        var random = new Random(7);
        for (int i = 0; i < 100; i++)
        {
            byte[] changed = [.. bytes];
            changed[random.Next(lastLine)] ^= (byte)(1 << random.Next(7));
            System.IO.File.WriteAllBytes(File, changed);
            Assert.True(RecordReader.Read(_place.FolderOf(Name)).Problems.Count > 0, Encoding.UTF8.GetString(changed));
        }
    }

    [Fact]
    public void Read_FileMissingInTheMiddle_Shows()
    {
        Append_FileFull_GoesOnInTheNextOne();
        System.IO.File.Delete(_place.FilesOf(Name)[2]);
        Assert.Contains("000004.jsonl:1", Assert.Single(RecordReader.Read(_place.FolderOf(Name)).Problems), StringComparison.Ordinal);
    }

    public void Dispose() => _place.Dispose();

    private void Write(int lines)
    {
        using var chain = _place.Chain(Name);
        chain.Append([.. Enumerable.Range(0, lines).Select(i => RecordNote.Refused($"line {i}"))], durable: true);
    }
}
