using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace DemoFl.Relay.Storage;

/// <summary>
/// <c>journal.mark</c>: how long the journal was when its last append returned. It tells a torn append, which is cut off, from a journal that has
/// lost records that others were told of, which is refused. Whoever has the run holds it locked, so that the journal itself can be read meanwhile
/// and replaced when it is compacted. Not thread-safe.
/// </summary>
/// <remarks>
/// Written in place after each append and handed to the operating system: it survives the process, and may lag behind after a power failure. A mark
/// that lags, belongs to a journal before a compaction, or cannot be read says less, never anything wrong.
/// </remarks>
internal sealed class JournalMark : IDisposable
{
    /// <summary>The journal's generation, its length, and the CRC-32C of both; big-endian.</summary>
    private const int Bytes = sizeof(uint) + sizeof(long) + sizeof(uint);

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly bool _found;

    private JournalMark(SafeFileHandle file, string path, bool found) => (_file, _path, _found) = (file, path, found);

    /// <summary>Where the mark of a journal is.</summary>
    public static string PathOf(string journal) => journal + ".mark";

    /// <summary>Takes the run for this process.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    public static JournalMark Take(string journal)
    {
        string path = PathOf(journal);
        bool found = File.Exists(path);
        return new JournalMark(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), path, found);
    }

    /// <summary>What was set last; null when that cannot be read, or while a server has the run, which has seen to it itself.</summary>
    public static (uint Generation, long Length)? Peek(string journal)
    {
        try
        {
            using var file = File.OpenHandle(PathOf(journal), FileMode.Open, FileAccess.Read, FileShare.Read);
            return Read(file);
        }
        catch (IOException)
        {
            return null;
        }
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

    /// <summary>Gives the run back without a trace where there was none before.</summary>
    public void Withdraw()
    {
        // Before it is free for others, where the system lets go of a file that is open.
        bool whileOpen = !OperatingSystem.IsWindows();
        if (!_found && whileOpen)
        {
            File.Delete(_path);
        }

        Dispose();
        if (!_found && !whileOpen)
        {
            File.Delete(_path);
        }
    }

    public void Dispose() => _file.Dispose();

    private static (uint Generation, long Length)? Read(SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        return RandomAccess.Read(file, bytes, 0) == Bytes && BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) == Checksum.Crc32C(bytes[..12])
            ? (BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[4..]))
            : null;
    }
}
