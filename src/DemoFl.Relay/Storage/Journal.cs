using System.Buffers.Binary;
using System.Numerics;
using DemoFl.V1;
using Google.Protobuf;

namespace DemoFl.Relay.Storage;

/// <summary>
/// The append-only file that a run can be resumed from. A frame is the record's length, the CRC-32C of these four bytes, the CRC-32C of
/// the record (all big-endian), then the record. A torn tail, from a crash in the middle of an append, is cut off when the journal is
/// opened; damage is refused. Thread-safe.
/// </summary>
/// <remarks>
/// The length has a checksum of its own because a damaged one would otherwise pass for a tear, and every record behind it would be lost
/// in silence. A tear is a prefix of the last frame, or a file whose last sectors are blank: its length became durable before its content.
/// </remarks>
internal sealed class Journal : IDisposable
{
    public const int SchemaVersion = 1;

    private const int HeaderBytes = 12;
    private const int SectorBytes = 512;
    private const int MaxRecordBytes = 64 * 1024 * 1024;
    private static readonly byte[] Magic = "DEMOFLJ1"u8.ToArray();

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private bool _failed;

    private Journal(FileStream file) => _file = file;

    /// <summary>Starts a journal with its first record: the file is there with it, or not at all.</summary>
    /// <exception cref="IOException">The file exists already, or cannot be written.</exception>
    public static Journal Create(string path, JournalRecord first)
    {
        DurableFile.WriteNew(path, stream =>
        {
            stream.Write(Magic);
            stream.Write(Framed(first));
        });
        return Open(path).Journal;
    }

    /// <summary>Opens a journal and reads all of it.</summary>
    /// <exception cref="InvalidDataException">Not a journal, or damaged before its tail.</exception>
    /// <exception cref="IOException">Another process has it open, or it cannot be read.</exception>
    public static (Journal Journal, IReadOnlyList<JournalRecord> Records) Open(string path)
    {
        // Shared with nobody: that is what keeps a second server out of the run. On Unix only this mode takes a lock.
        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            if (!bytes.AsSpan().StartsWith(Magic))
            {
                throw new InvalidDataException($"{path} is not a DemoFl journal, or its first bytes are damaged.");
            }

            var (records, end) = Parse(bytes, path);
            file.SetLength(end);
            file.Position = end;
            file.Flush(flushToDisk: true);
            return (new Journal(file), records);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends and fsyncs. An exception means that nothing may be sent that depends on the record: the process must stop.</summary>
    public void Append(JournalRecord record)
    {
        byte[] frame = Framed(record);
        lock (_gate)
        {
            if (_failed)
            {
                throw new IOException($"An earlier append to {_file.Name} failed; nothing may follow what it left behind.");
            }

            _failed = true;
            _file.Write(frame);
            _file.Flush(flushToDisk: true);
            _failed = false;
        }
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Framed(JournalRecord record)
    {
        int length = record.CalculateSize();
        var frame = new byte[HeaderBytes + length];
        record.WriteTo(frame.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteInt32BigEndian(frame, length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), Crc32C(frame.AsSpan(0, 4)));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), Crc32C(frame.AsSpan(HeaderBytes)));
        return frame;
    }

    private static (List<JournalRecord> Records, long End) Parse(ReadOnlySpan<byte> bytes, string path)
    {
        var records = new List<JournalRecord>();
        int at = Magic.Length;
        while (at < bytes.Length && TryReadFrame(bytes, at, path, out var body))
        {
            records.Add(JournalRecord.Parser.ParseFrom(body));
            at += HeaderBytes + body.Length;
        }

        return (records, at);
    }

    /// <summary>False at a torn tail.</summary>
    private static bool TryReadFrame(ReadOnlySpan<byte> bytes, int at, string path, out ReadOnlySpan<byte> body)
    {
        body = default;
        var rest = bytes[at..];
        if (rest.Length < HeaderBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(rest);
        if (BinaryPrimitives.ReadUInt32BigEndian(rest[4..]) != Crc32C(rest[..4]) || length is <= 0 or > MaxRecordBytes)
        {
            return EndsBlank(bytes, at) ? false : throw Damaged(path, at);
        }

        if (rest.Length - HeaderBytes < length)
        {
            return false;
        }

        body = rest.Slice(HeaderBytes, length);
        if (BinaryPrimitives.ReadUInt32BigEndian(rest[8..]) == Crc32C(body))
        {
            return true;
        }

        return rest.Length == HeaderBytes + length && EndsBlank(bytes, at) ? false : throw Damaged(path, at);
    }

    /// <summary>Whether the file ends in blank sectors, or in nothing but zeros from the frame on.</summary>
    private static bool EndsBlank(ReadOnlySpan<byte> bytes, int frame)
    {
        int written = bytes.LastIndexOfAnyExcept((byte)0) + 1;
        int boundary = (written + SectorBytes - 1) / SectorBytes * SectorBytes;
        return written <= frame || boundary < bytes.Length;
    }

    private static InvalidDataException Damaged(string path, int offset) =>
        new($"{path} is damaged at byte {offset}; restore it from a backup, or start a new run in another folder.");

    private static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
