using DemoFl.Relay.Storage;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;

namespace DemoFl.Relay.Tests.Storage;

public sealed class JournalTests : IDisposable
{
    private const int MagicBytes = 8;
    private const int HeaderBytes = 12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Path => _folder.File("journal");

    [Fact]
    public void Open_AfterAppends_GivesTheRecordsInOrderAndGoesOn()
    {
        using (var journal = Journal.Create(Path, Term(1)))
        {
            journal.Append(Term(2));
            journal.Append(Aborted(3, "why"));
        }

        var (reopened, records) = Journal.Open(Path);
        using (reopened)
        {
            Assert.Equal([Term(1), Term(2), Aborted(3, "why")], records);
            reopened.Append(Term(4));
        }

        Assert.Equal([Term(1), Term(2), Aborted(3, "why"), Term(4)], Reopened());
    }

    [Fact]
    public void Create_OverAJournal_IsRefusedAndLeavesIt()
    {
        Journal.Create(Path, Term(1)).Dispose();
        Assert.Throws<IOException>(() => Journal.Create(Path, Term(2)));
        Assert.Equal([Term(1)], Reopened());
    }

    [Fact]
    public void Open_WhileAnotherHasIt_IsRefused()
    {
        using var journal = Journal.Create(Path, Term(1));
        Assert.Throws<IOException>(() => Journal.Open(Path));
    }

    [Fact]
    public void Open_TornAtAnyLengthOfTheLastRecord_CutsItOffAndGoesOn()
    {
        byte[] before = Written(Term(1), Aborted(2, "earlier"));
        byte[] whole = Written(Term(1), Aborted(2, "earlier"), Aborted(3, "the last one"));
        for (int length = before.Length; length < whole.Length; length++)
        {
            Put(whole[..length]);
            var (journal, records) = Journal.Open(Path);
            using (journal)
            {
                Assert.True(records.Count == 2, $"{records.Count} records at length {length}");
                journal.Append(Term(9));
            }

            Assert.Equal([Term(1), Aborted(2, "earlier"), Term(9)], Reopened());
        }
    }

    [Fact]
    public void Open_WithABlankTailOfAnyLength_CutsItOff()
    {
        byte[] whole = Written(Term(1), Aborted(2, "earlier"));
        for (int blank = 1; blank <= 600; blank++)
        {
            Put([.. whole, .. new byte[blank]]);
            Assert.True(Reopened().Count == 2, $"{blank} blank bytes");
            Assert.Equal(whole, File.ReadAllBytes(Path));
        }
    }

    [Fact]
    public void Open_WithBlankSectorsInTheLastRecord_CutsItOff()
    {
        byte[] before = Written(Term(1));
        byte[] whole = Written(Term(1), Aborted(2, new string('x', 2000)));
        for (int blankFrom = 512; blankFrom < whole.Length; blankFrom += 512)
        {
            byte[] torn = [.. whole[..blankFrom], .. new byte[whole.Length - blankFrom]];
            Put(torn);
            Assert.Equal([Term(1)], Reopened());
            Assert.Equal(before, File.ReadAllBytes(Path));
        }
    }

    [Fact]
    public void Open_WithAnyBitFlippedInAnyByte_IsRefusedAndNamesTheFrame()
    {
        byte[] whole = Written(Term(1), Aborted(2, "in the middle"), Aborted(3, "the last one"));
        int[] frames = [.. Frames(whole)];
        for (int at = 0; at < whole.Length; at++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] damaged = [.. whole];
                damaged[at] ^= (byte)(1 << bit);
                Put(damaged);
                var refused = Assert.Throws<InvalidDataException>(() => Journal.Open(Path));
                string expected = at < MagicBytes ? "not a DemoFl journal" : $"at byte {frames.Last(f => f <= at)}.";
                Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
                Assert.Equal(damaged, File.ReadAllBytes(Path));
            }
        }
    }

    /// <summary>What a crash may leave of an append that had not returned is damage in one that had.</summary>
    [Fact]
    public void Open_ShorterOrBlankerThanItsMark_IsRefusedAndLeftAsItIs()
    {
        byte[] whole = Written(Term(1), Aborted(2, new string('x', 2000)));
        byte[] mark = Marked();
        var cases = Enumerable.Range(0, whole.Length).Select(length => whole[..length])
            .Concat(Enumerable.Range(0, whole.Length / 512).Select(sector => (byte[])[.. whole[..(sector * 512)], .. new byte[whole.Length - (sector * 512)]]));
        foreach (byte[] damaged in cases)
        {
            Put(damaged);
            File.WriteAllBytes(JournalMark.PathOf(Path), mark);
            var refused = Assert.Throws<InvalidDataException>(() => Journal.Open(Path));
            Assert.Contains(Path, refused.Message, StringComparison.Ordinal);
            Assert.Equal(damaged, File.ReadAllBytes(Path));
        }
    }

    [Fact]
    public void Open_LongerThanItsMark_GoesOnWithAllOfIt()
    {
        Written(Term(1));
        byte[] mark = Marked();
        byte[] whole = Written(Term(1), Term(2), Term(3));
        Put(whole);
        File.WriteAllBytes(JournalMark.PathOf(Path), mark);
        Assert.Equal([Term(1), Term(2), Term(3)], Reopened());
    }

    /// <summary>The mark of a journal that somebody took away says nothing of the one in its place.</summary>
    [Fact]
    public void Create_BesideTheMarkOfAnother_BeginsAnew()
    {
        Written(Term(1), Term(2), Term(3));
        Marked();
        File.Delete(Path);
        Journal.Create(Path, Term(4)).Dispose();
        Assert.Equal([Term(4)], Reopened());
    }

    [Fact]
    public void Peek_WhileAnotherAppends_ReadsWhatIsWhole()
    {
        using var journal = Journal.Create(Path, Term(1));
        journal.Append(Term(2));
        Assert.Equal([Term(1), Term(2)], Journal.Peek(Path).Records);
        journal.Append(Term(3));
        Assert.Equal([Term(1), Term(2), Term(3)], Journal.Peek(Path).Records);
        Assert.Throws<IOException>(() => Journal.Open(Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("DEMO")]
    [InlineData("Some other file, longer than a journal's first bytes.")]
    public void Open_OfSomethingElse_IsRefused(string content)
    {
        File.WriteAllText(Path, content);
        var refused = Assert.Throws<InvalidDataException>(() => Journal.Open(Path));
        Assert.Contains(Path, refused.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(Path));
    }

    [Fact]
    public void Append_AfterAFailedOne_IsRefused()
    {
        var journal = Journal.Create(Path, Term(1));
        journal.Dispose();
        Assert.Throws<ObjectDisposedException>(() => journal.Append(Term(2)));
        var refused = Assert.Throws<IOException>(() => journal.Append(Term(3)));
        Assert.Contains("earlier append", refused.Message, StringComparison.Ordinal);
    }

    private static JournalRecord Term(ulong term) => new() { TermOpened = new TermOpened { Term = term } };

    private static JournalRecord Aborted(ulong round, string reason) => new()
    {
        RoundAborted = new JournalRecord.Types.RoundAborted { Round = round, Reason = reason },
    };

    private static IEnumerable<int> Frames(byte[] journal)
    {
        for (int at = MagicBytes; at < journal.Length; at += HeaderBytes + journal[at + 3])
        {
            yield return at;
        }
    }

    /// <summary>A journal whose mark says nothing of it.</summary>
    private void Put(byte[] content)
    {
        File.WriteAllBytes(Path, content);
        File.Delete(JournalMark.PathOf(Path));
    }

    private byte[] Written(params JournalRecord[] records)
    {
        Put([]);
        File.Delete(Path);
        using (var journal = Journal.Create(Path, records[0]))
        {
            foreach (var record in records[1..])
            {
                journal.Append(record);
            }
        }

        return File.ReadAllBytes(Path);
    }

    /// <summary>The mark as the journal's own process left it.</summary>
    private byte[] Marked()
    {
        Reopened();
        return File.ReadAllBytes(JournalMark.PathOf(Path));
    }

    private IReadOnlyList<JournalRecord> Reopened()
    {
        var (journal, records) = Journal.Open(Path);
        journal.Dispose();
        return records;
    }
}
