using DemoFl.Relay.Storage;
using DemoFl.Relay.Tests.Fixtures;
using Xunit.Abstractions;

namespace DemoFl.Relay.Tests.Storage;

/// <summary>
/// Every byte of every file that a run is resumed from, flipped, and every length that it can be cut to: the run goes on from exactly what it had
/// committed, or is refused by the name of the file (promises C1 and C5).
/// </summary>
public sealed class DamagedDiskTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>In memory where there is such a place: these tests make the disk wait tens of thousands of times, and read what they wrote themselves.</summary>
    private readonly TemporaryFolder _folder = new(Directory.Exists("/dev/shm") ? "/dev/shm" : null);

    public static TheoryData<string, string> Files => new()
    {
        { "plain", StoredRun.Journal }, { "plain", StoredRun.Mark }, { "plain", StoredRun.Newest }, { "plain", StoredRun.Older },
        { "plain", StoredRun.Best },
        { "masked", StoredRun.Journal }, { "masked", StoredRun.Newest }, { "masked", StoredRun.Best }, { "masked", StoredRun.ClosingSum },
        { "compacted", StoredRun.Journal }, { "compacted", StoredRun.Mark },
        { "adam", StoredRun.Journal }, { "adam", StoredRun.Newest }, { "adam", StoredRun.Moments }, { "adam", StoredRun.Best },
        { "adam", StoredRun.ClosingSum },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void Resume_AnyByteFlipped_GoesOnFromWhatWasCommittedOrNamesTheFile(string kind, string file)
    {
        var run = StoredRun.Make(_folder.Path, kind);
        byte[] whole = run.Files[file];
        var cases = from at in Enumerable.Range(0, whole.Length)
            from value in Flips(whole[at])
            select (Content: (byte[])[.. whole[..at], value, .. whole[(at + 1)..]], What: $"byte {at} 0x{whole[at]:x2} -> 0x{value:x2}");
        Check(run, file, $"{kind}: {file}, {whole.Length} offsets flipped", cases, mayGoOn: file is not StoredRun.Journal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Resume_CutToAnyLength_GoesOnFromWhatWasCommittedOrNamesTheFile(string kind, string file)
    {
        var run = StoredRun.Make(_folder.Path, kind);
        byte[] whole = run.Files[file];
        var cases = Enumerable.Range(0, whole.Length).Select(length => (whole[..length], $"cut to {length} of {whole.Length}"));
        bool mayGoOn = file is StoredRun.Mark or StoredRun.Older or StoredRun.ClosingSum;
        Check(run, file, $"{kind}: {file}, cut to {whole.Length} lengths", cases, mayGoOn);
    }

    /// <summary>What a kill in the middle of an append leaves. All that may be lost is the record whose append had not returned.</summary>
    [Theory]
    [InlineData("plain")]
    [InlineData("masked")]
    [InlineData("adam")]
    public void Resume_TornWithinTheAppendThatHadNotReturned_LosesThatRecordAlone(string kind)
    {
        var run = StoredRun.Make(_folder.Path, kind);
        byte[] whole = run.Files[StoredRun.Journal];
        int before = run.Appends[^2];
        File.WriteAllBytes(_folder.File(StoredRun.Journal), whole[..before]);
        using (var mark = JournalMark.Take(_folder.File(StoredRun.Journal)))
        {
            mark.Set(0, before);
        }

        run.Files[StoredRun.Mark] = File.ReadAllBytes(_folder.File(StoredRun.Mark));
        run.Put(StoredRun.Journal, whole[..before]);
        string expected = run.State();
        for (int length = before; length < whole.Length; length++)
        {
            run.Put(StoredRun.Journal, whole[..length]);
            Assert.Equal(expected, run.State());
            Assert.Equal(before, new FileInfo(_folder.File(StoredRun.Journal)).Length);
        }
    }

    /// <summary>Single bits, one of which turns the case of a letter, all of them, and what a bad sector reads as.</summary>
    private static IEnumerable<byte> Flips(byte value) =>
        new[] { (byte)(value ^ 0x01), (byte)(value ^ 0x20), (byte)(value ^ 0x80), (byte)~value, (byte)0, (byte)0xFF }.Distinct().Where(v => v != value);

    private void Check(StoredRun run, string file, string title, IEnumerable<(byte[] Content, string What)> cases, bool mayGoOn)
    {
        run.Put("", []);
        if (file == StoredRun.ClosingSum)
        {
            // A round whose sum is not what the journal says is given up.
            File.Delete(_folder.File(file));
        }

        string expected = run.State();
        var (same, refused) = (0, 0);
        foreach (var (content, what) in cases)
        {
            run.Put(file, content);
            try
            {
                string state = run.State();
                Assert.True(mayGoOn && state == expected, $"{what}: resumed as\n{state}\nand was\n{expected}");
                same++;
            }
            catch (InvalidDataException e)
            {
                Assert.True(e.Message.Contains(_folder.File(file), StringComparison.Ordinal), $"{what}: {e.Message}");
                refused++;
            }
        }

        output.WriteLine($"{title}: {same} went on from the same state, {refused} were refused");
    }
}
