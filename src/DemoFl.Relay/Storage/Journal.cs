using System.Buffers.Binary;
using System.Numerics;
using DemoFl.V1;
using Google.Protobuf;

namespace DemoFl.Relay.Storage;

/// <summary>
/// The append-only file that a run can be resumed from. A frame is the record's length and its CRC-32C (both big-endian, 4 bytes), then
/// the record. A torn tail, from a crash in the middle of an append, is cut off when the journal is opened; damage before the
/// tail is refused. Thread-safe.
/// </summary>
internal sealed class Journal : IDisposable
{
    public const int SchemaVersion = 1;

    private const int HeaderBytes = 8;
    private const int MaxRecordBytes = 64 * 1024 * 1024;
    private static readonly byte[] Magic = "DEMOFLJ1"u8.ToArray();

    private readonly Lock _gate = new();
    private readonly FileStream _file;

    private Journal(FileStream file) => _file = file;

    /// <summary>Starts a journal; the file must not exist.</summary>
    public static Journal Create(string path)
    {
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
        file.Write(Magic);
        file.Flush(flushToDisk: true);
        DurableFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new Journal(file);
    }

    /// <summary>Opens a journal and reads all of it.</summary>
    /// <exception cref="InvalidDataException">Not a journal, or damaged before its tail.</exception>
    public static (Journal Journal, IReadOnlyList<JournalRecord> Records) Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
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
        byte[] body = record.ToByteArray();
        var frame = new byte[HeaderBytes + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), Crc32C(body));
        body.CopyTo(frame, HeaderBytes);
        lock (_gate)
        {
            _file.Write(frame);
            _file.Flush(flushToDisk: true);
        }
    }

    public void Dispose() => _file.Dispose();

    private static (List<JournalRecord> Records, long End) Parse(ReadOnlySpan<byte> bytes, string path)
    {
        var records = new List<JournalRecord>();
        int at = Magic.Length;
        while (at < bytes.Length)
        {
            if (bytes.Length - at < HeaderBytes)
            {
                break;
            }

            int length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            uint checksum = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]);
            if (length is < 0 or > MaxRecordBytes)
            {
                throw Damaged(path, at);
            }

            if (bytes.Length - at - HeaderBytes < length)
            {
                break;
            }

            var body = bytes.Slice(at + HeaderBytes, length);
            if (Crc32C(body) != checksum)
            {
                // A tear can leave the last frame whole in length and wrong in content; anywhere else it is damage.
                if (at + HeaderBytes + length == bytes.Length)
                {
                    break;
                }

                throw Damaged(path, at);
            }

            records.Add(JournalRecord.Parser.ParseFrom(body));
            at += HeaderBytes + length;
        }

        return (records, at);
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
