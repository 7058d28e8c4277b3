using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace DemoFl.Relay.Storage;

/// <summary>
/// <c>journal.mark</c>: how long the journal was when its last append returned. It tells a torn append, which is cut off, from a journal that has
/// lost records that others were told of, which is refused. Whoever has it holds <c>journal.lock</c>, which is never removed nor replaced: the journal
/// is, when it is compacted, and may be read meanwhile. Not thread-safe.
/// </summary>
/// <remarks>
/// Written in place after each append and handed to the operating system: it survives the process, and may lag behind after a power failure. A mark
/// that lags, belongs to a journal before a compaction, or cannot be read says less, never anything wrong.
/// </remarks>
internal sealed class JournalMark : IDisposable
{
    /// <summary>The journal's generation, its length, and the CRC-32C of both; big-endian.</summary>
    private const int Bytes = sizeof(uint) + sizeof(long) + sizeof(uint);

    private const FileShare Anybody = FileShare.ReadWrite | FileShare.Delete;

    private readonly SafeFileHandle _lock;
    private readonly SafeFileHandle _file;

    private JournalMark(SafeFileHandle held, SafeFileHandle file) => (_lock, _file) = (held, file);

    /// <summary>Where the mark of a journal is.</summary>
    public static string PathOf(string journal) => journal + ".mark";

    /// <summary>Takes the run for this process.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    public static JournalMark Take(string journal)
    {
        // Shared with nobody. On Unix only this mode takes a lock that keeps others out.
        var held = File.OpenHandle(journal + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            return new JournalMark(held, File.OpenHandle(PathOf(journal), FileMode.OpenOrCreate, FileAccess.ReadWrite, Anybody));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>What was set last, by whoever has the run; null when there is none or it cannot be read.</summary>
    public static (uint Generation, long Length)? Peek(string journal)
    {
        if (!File.Exists(PathOf(journal)))
        {
            return null;
        }

        using var file = File.OpenHandle(PathOf(journal), FileMode.Open, FileAccess.Read, Anybody);
        return Read(file);
    }

    /// <summary>What was set last, or null when that cannot be read.</summary>
    public (uint Generation, long Length)? Read() => Read(_file);

    public void Set(uint generation, long length)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, generation);
        BinaryPrimitives.WriteInt64BigEndian(bytes[4..], length);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], Checksum.Crc32C(bytes[..12]));
        RandomAccess.Write(_file, bytes, 0);
    }

    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    private static (uint Generation, long Length)? Read(SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        return RandomAccess.Read(file, bytes, 0) == Bytes && BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) == Checksum.Crc32C(bytes[..12])
            ? (BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[4..]))
            : null;
    }
}
