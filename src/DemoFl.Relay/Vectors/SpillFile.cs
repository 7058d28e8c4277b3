using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using DemoFl.Wire;

namespace DemoFl.Relay.Vectors;

/// <summary>
/// A round's file for the vectors that memory does not hold: numbered segments of 64 KiB, each under AES-256-GCM with a key that exists in
/// this process only. On disk a segment is its nonce (a counter, 8 bytes), the ciphertext and the tag; the segment's number is the
/// associated data, so that one cannot stand in for another. The file goes when it is disposed. Thread-safe.
/// </summary>
internal sealed class SpillFile : IDisposable
{
    public const int SegmentBytes = WireLimits.PieceBytes;

    private const int CounterBytes = sizeof(ulong);
    private const int TagBytes = 16;
    private const int NonceBytes = 12;
    private const int StrideBytes = CounterBytes + SegmentBytes + TagBytes;

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly AesGcm _cipher;
    private long _reserved;
    private ulong _sealed;

    /// <summary>Creates the file, readable by its owner only.</summary>
    public SpillFile(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.Read, Options = FileOptions.DeleteOnClose, BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(path, options);
        Span<byte> key = stackalloc byte[32];
        RandomNumberGenerator.Fill(key);
        _cipher = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Sets a run of segments aside and returns the number of the first.</summary>
    public long Reserve(int segments)
    {
        lock (_gate)
        {
            long first = _reserved;
            _reserved += segments;
            return first;
        }
    }

    /// <summary>Seals at most <see cref="SegmentBytes"/> bytes. Writing a segment again takes a nonce of its own.</summary>
    /// <exception cref="VectorRefusedException">The file was disposed: its round is over.</exception>
    public void Write(long segment, ReadOnlySpan<byte> bytes)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(StrideBytes);
        try
        {
            var stored = Frame.Of(rented, bytes.Length);
            lock (_gate)
            {
                BinaryPrimitives.WriteUInt64BigEndian(stored.Counter, _sealed++);
                Span<byte> nonce = stackalloc byte[NonceBytes];
                Span<byte> number = stackalloc byte[sizeof(long)];
                _cipher.Encrypt(Nonce(stored.Counter, nonce), bytes, stored.Content, stored.Tag, Number(segment, number));
            }

            RandomAccess.Write(_file.SafeFileHandle, stored.Whole, segment * StrideBytes);
        }
        catch (ObjectDisposedException)
        {
            throw new VectorRefusedException("The round of this vector is over.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Reads a segment back; the length is that of what was written.</summary>
    /// <exception cref="InvalidDataException">The file does not hold what was written.</exception>
    public void Read(long segment, Span<byte> bytes)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(StrideBytes);
        try
        {
            var stored = Frame.Of(rented, bytes.Length);
            int read = ReadFully(stored.Whole, segment * StrideBytes);
            lock (_gate)
            {
                Span<byte> nonce = stackalloc byte[NonceBytes];
                Span<byte> number = stackalloc byte[sizeof(long)];
                _cipher.Decrypt(Nonce(stored.Counter, nonce), stored.Content, stored.Tag, bytes, Number(segment, number));
            }

            if (read < stored.Whole.Length)
            {
                throw Damaged(segment);
            }
        }
        catch (AuthenticationTagMismatchException)
        {
            throw Damaged(segment);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _cipher.Dispose();
        }

        _file.Dispose();
    }

    private int ReadFully(Span<byte> whole, long offset)
    {
        int read = 0;
        while (read < whole.Length && RandomAccess.Read(_file.SafeFileHandle, whole[read..], offset + read) is > 0 and var more)
        {
            read += more;
        }

        whole[read..].Clear();
        return read;
    }

    private InvalidDataException Damaged(long segment) =>
        new($"Segment {segment} of the spill file {_file.Name} is not what was written; something else changed the file, or the disk is failing.");

    private static ReadOnlySpan<byte> Nonce(ReadOnlySpan<byte> counter, Span<byte> nonce)
    {
        nonce.Clear();
        counter.CopyTo(nonce[(NonceBytes - CounterBytes)..]);
        return nonce;
    }

    private static ReadOnlySpan<byte> Number(long segment, Span<byte> number)
    {
        BinaryPrimitives.WriteInt64BigEndian(number, segment);
        return number;
    }

    /// <summary>A segment as it lies in the file.</summary>
    private readonly ref struct Frame
    {
        public Span<byte> Whole { get; private init; }

        public Span<byte> Counter => Whole[..CounterBytes];

        public Span<byte> Content => Whole[CounterBytes..^TagBytes];

        public Span<byte> Tag => Whole[^TagBytes..];

        public static Frame Of(byte[] space, int length) => new() { Whole = space.AsSpan(0, CounterBytes + length + TagBytes) };
    }
}
