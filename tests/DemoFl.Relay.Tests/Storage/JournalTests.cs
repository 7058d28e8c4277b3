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
            File.WriteAllBytes(Path, whole[..length]);
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
            File.WriteAllBytes(Path, [.. whole, .. new byte[blank]]);
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
            File.WriteAllBytes(Path, torn);
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
                File.WriteAllBytes(Path, damaged);
                var refused = Assert.Throws<InvalidDataException>(() => Journal.Open(Path));
                string expected = at < MagicBytes ? "not a DemoFl journal" : $"at byte {frames.Last(f => f <= at)};";
                Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
                Assert.Equal(damaged, File.ReadAllBytes(Path));
            }
        }
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

    private byte[] Written(params JournalRecord[] records)
    {
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

    private IReadOnlyList<JournalRecord> Reopened()
    {
        var (journal, records) = Journal.Open(Path);
        journal.Dispose();
        return records;
    }
}
