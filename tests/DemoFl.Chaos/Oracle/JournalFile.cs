using System.Buffers.Binary;
using DemoFl.Chaos.Processes;
using DemoFl.V1;
using Google.Protobuf;

namespace DemoFl.Chaos.Oracle;

/// <summary>
/// A reader of the server's journal of its own, which changes nothing and wants no lock: a frame is a length, two checksums and a record, all numbers
/// big-endian. What stands behind the last whole record is being written, or was when the server died.
/// </summary>
internal static class JournalFile
{
    private const int HeaderBytes = 12;
    private const int MagicBytes = 8;
    private static readonly byte[] Magic = "DEMOFLJ"u8.ToArray();

    /// <summary>The records in order; none where there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is no journal.</exception>
    public static IReadOnlyList<JournalRecord> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        return Parse(SharedFile.ReadBytes(path), path);
    }

    private static List<JournalRecord> Parse(ReadOnlySpan<byte> bytes, string path)
    {
        if (!bytes.StartsWith(Magic))
        {
            throw new InvalidDataException($"{path} is not a journal.");
        }

        var records = new List<JournalRecord>();
        for (int at = MagicBytes; at + HeaderBytes <= bytes.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
            if (length <= 0 || length > bytes.Length - at - HeaderBytes)
            {
                break;
            }

            try
            {
                records.Add(JournalRecord.Parser.ParseFrom(bytes.Slice(at + HeaderBytes, length)));
            }
            catch (InvalidProtocolBufferException)
            {
                break;
            }

            at += HeaderBytes + length;
        }

        return records;
    }
}
