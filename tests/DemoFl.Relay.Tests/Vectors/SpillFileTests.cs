using DemoFl.Relay.Tests.Fixtures;
using DemoFl.Relay.Vectors;

namespace DemoFl.Relay.Tests.Vectors;

public sealed class SpillFileTests : IDisposable
{
    private const int StrideBytes = 8 + SpillFile.SegmentBytes + 16;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Path => _folder.File("spill");

    [Fact]
    public void Read_SegmentsOfAnyLength_GivesWhatWasWritten()
    {
        using var file = new SpillFile(Path);
        int[] lengths = [1, 4, 1000, SpillFile.SegmentBytes - 1, SpillFile.SegmentBytes];
        long first = file.Reserve(lengths.Length);
        var contents = lengths.Select((length, i) => Some.RandomVectors(i, 1, length)[0]).ToArray();
        foreach (int i in new[] { 3, 0, 4, 1, 2 })
        {
            file.Write(first + i, contents[i]);
        }

        for (int i = 0; i < lengths.Length; i++)
        {
            var read = new byte[lengths[i]];
            file.Read(first + i, read);
            Assert.Equal(contents[i], read);
        }
    }

    [Fact]
    public void Reserve_Twice_GivesRunsThatDoNotOverlap()
    {
        using var file = new SpillFile(Path);
        Assert.Equal(0, file.Reserve(3));
        Assert.Equal(3, file.Reserve(1));
    }

    [Fact]
    public void Write_AWordPattern_LeavesNoneOfItInTheFile()
    {
        using var file = new SpillFile(Path);
        var pattern = new byte[SpillFile.SegmentBytes];
        for (int i = 0; i < pattern.Length; i += 4)
        {
            (pattern[i], pattern[i + 1], pattern[i + 2], pattern[i + 3]) = (0xDE, 0xC0, 0xAD, 0x0B);
        }

        for (long i = file.Reserve(4); i < 4; i++)
        {
            file.Write(i, pattern);
        }

        // Any 8 bytes in a row would be a chance of 2^-45; the plaintext has nothing else.
        byte[] stored = Stored();
        Assert.Equal(4 * StrideBytes, stored.Length);
        Assert.Equal(-1, stored.AsSpan().IndexOf(pattern.AsSpan(0, 8)));
    }

    [Fact]
    public void Write_TheSameBytesTwice_NeverRepeatsNonceOrCiphertext()
    {
        using var file = new SpillFile(Path);
        var bytes = new byte[SpillFile.SegmentBytes];
        file.Reserve(2);
        file.Write(0, bytes);
        file.Write(1, bytes);
        byte[] both = Stored();
        file.Write(0, bytes);
        byte[] again = Stored()[..StrideBytes];

        byte[][] stored = [both[..StrideBytes], both[StrideBytes..], again];
        Assert.Equal(3, stored.Select(s => Convert.ToHexString(s, 0, 8)).Distinct().Count());
        Assert.Equal(3, stored.Select(s => Convert.ToHexString(s, 8, 64)).Distinct().Count());
    }

    [Fact]
    public void Read_AfterAnyByteChanged_IsRefused()
    {
        using var file = new SpillFile(Path);
        var bytes = new byte[64];
        file.Write(file.Reserve(1), bytes);
        byte[] stored = Stored();
        for (int i = 0; i < stored.Length; i++)
        {
            Overwrite(i, [(byte)(stored[i] ^ 1)]);
            Assert.Throws<InvalidDataException>(() => file.Read(0, bytes));
            Overwrite(i, [stored[i]]);
        }

        file.Read(0, bytes);
    }

    [Fact]
    public void Read_OfASegmentPutInAnothersPlace_IsRefused()
    {
        using var file = new SpillFile(Path);
        var bytes = new byte[SpillFile.SegmentBytes];
        file.Reserve(2);
        file.Write(0, bytes);
        file.Write(1, bytes);
        Overwrite(0, Stored().AsSpan(StrideBytes));

        var refused = Assert.Throws<InvalidDataException>(() => file.Read(0, bytes));
        Assert.Contains(Path, refused.Message, StringComparison.Ordinal);
        file.Read(1, bytes);
    }

    [Fact]
    public void Read_OfACutFile_IsRefused()
    {
        using var file = new SpillFile(Path);
        var bytes = new byte[1000];
        file.Write(file.Reserve(1), bytes);
        using (var other = Shared())
        {
            other.SetLength(other.Length - 1);
        }

        Assert.Throws<InvalidDataException>(() => file.Read(0, bytes));
    }

    [Fact]
    public void Dispose_Always_RemovesTheFileAndRefusesLateWriters()
    {
        var file = new SpillFile(Path);
        file.Write(file.Reserve(1), [1, 2, 3, 4]);
        Assert.True(File.Exists(Path));
        file.Dispose();

        Assert.False(File.Exists(Path));
        Assert.Throws<VectorRefusedException>(() => file.Write(0, [1, 2, 3, 4]));
    }

    [Fact]
    public void Create_OnUnix_IsForTheOwnerOnly()
    {
        using var file = new SpillFile(Path);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        }
    }

    private byte[] Stored()
    {
        using var file = Shared();
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private void Overwrite(int at, ReadOnlySpan<byte> bytes)
    {
        using var file = Shared();
        file.Position = at;
        file.Write(bytes);
    }

    private FileStream Shared() => new(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
}
