using System.Buffers.Binary;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Relay.Storage;

/// <summary>
/// The bytes of a journal: eight of its own, then frames. A frame is the record's length, the CRC-32C of these four bytes, the CRC-32C of the record
/// (all big-endian), then the record.
/// </summary>
/// <remarks>
/// The length has a checksum of its own because a damaged one would otherwise pass for a tear, and every record behind it would be lost
/// in silence. A tear is a prefix of the last frame, or a file whose last sectors are blank: its length became durable before its content.
/// </remarks>
internal static class JournalFrames
{
    /// <summary>1 GiB. A journal is compacted long before; what is larger is not one.</summary>
    public const long MaxJournalBytes = 1L << 30;

    private const int HeaderBytes = 12;
    private const int SectorBytes = 512;
    private const int MaxRecordBytes = 64 * 1024 * 1024;
    private static readonly byte[] Magic = "DEMOFLJ1"u8.ToArray();

    public static void Write(Stream stream, IEnumerable<JournalRecord> records)
    {
        stream.Write(Magic);
        foreach (var record in records)
        {
            stream.Write(Of(record));
        }
    }

    public static byte[] Of(JournalRecord record)
    {
        int length = record.CalculateSize();
        var frame = new byte[HeaderBytes + length];
        record.WriteTo(frame.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteInt32BigEndian(frame, length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), Checksum.Crc32C(frame.AsSpan(0, 4)));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), Checksum.Crc32C(frame.AsSpan(HeaderBytes)));
        return frame;
    }

    /// <summary>All records, and where a torn tail begins.</summary>
    /// <exception cref="InvalidDataException">Not a journal, or damaged before its tail.</exception>
    public static (List<JournalRecord> Records, long End) Read(FileStream file)
    {
        if (file.Length > MaxJournalBytes)
        {
            throw new InvalidDataException($"{file.Name} has {file.Length} bytes; a journal has at most {MaxJournalBytes}.");
        }

        var bytes = new byte[file.Length];
        file.Position = 0;
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return Parse(bytes.AsSpan(0, read), file.Name);
    }

    /// <inheritdoc cref="Read"/>
    public static (List<JournalRecord> Records, int End) Parse(ReadOnlySpan<byte> bytes, string path)
    {
        if (!bytes.StartsWith(Magic))
        {
            throw new InvalidDataException($"{path} is not a DemoFl journal, or its first bytes are damaged.");
        }

        var records = new List<JournalRecord>();
        int at = Magic.Length;
        while (at < bytes.Length && TryReadFrame(bytes, at, path, out var body))
        {
            records.Add(RecordIn(body, path, at));
            at += HeaderBytes + body.Length;
        }

        return (records, at);
    }

    private static JournalRecord RecordIn(ReadOnlySpan<byte> body, string path, int at)
    {
        try
        {
            return Messages.Parse(JournalRecord.Parser, body.ToArray());
        }
        catch (WireFormatException)
        {
            throw Damaged(path, at);
        }
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
        if (BinaryPrimitives.ReadUInt32BigEndian(rest[4..]) != Checksum.Crc32C(rest[..4]) || length is <= 0 or > MaxRecordBytes)
        {
            return EndsBlank(bytes, at) ? false : throw Damaged(path, at);
        }

        if (rest.Length - HeaderBytes < length)
        {
            return false;
        }

        body = rest.Slice(HeaderBytes, length);
        if (BinaryPrimitives.ReadUInt32BigEndian(rest[8..]) == Checksum.Crc32C(body))
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

    private static InvalidDataException Damaged(string path, int offset) => new($"{path} is damaged at byte {offset}.");
}
