using System.Buffers.Binary;

namespace DemoFl.Simulation;

/// <summary>A record of the coordinator's journal: of a commit with its model's hash, of a closing with that of the file it names, else zero.</summary>
internal readonly record struct DiskRecord(DiskRecordKind Kind, ulong Number, Hash256 Content);

/// <summary>What a record says.</summary>
internal enum DiskRecordKind
{
    TermOpened = 1,
    RoundOpened = 2,
    RoundAborted = 3,
    RoundCommitted = 4,
    RoundClosing = 5,
}

/// <summary>
/// The coordinator's journal on a disk that keeps what was synced, and of the rest, after a crash, what the scenario's faults leave: nothing, a
/// part, or bytes that are not what was written. A checksum tells; what follows the last good record is cut off.
/// </summary>
internal sealed class Disk(Scenario scenario, Tally tally)
{
    private const int RecordBytes = 1 + sizeof(ulong) + Hash256.Size;
    private const int FrameBytes = RecordBytes + sizeof(ulong);

    private readonly SplitMix64 _randomness = Randomness.For(scenario.Seed, "disk faults");
    private readonly List<byte> _durable = [];
    private readonly List<byte> _unsynced = [];

    public void Write(DiskRecord record)
    {
        Span<byte> frame = stackalloc byte[FrameBytes];
        frame[0] = (byte)record.Kind;
        BinaryPrimitives.WriteUInt64BigEndian(frame[1..], record.Number);
        record.Content.CopyTo(frame[(1 + sizeof(ulong))..]);
        BinaryPrimitives.WriteUInt64BigEndian(frame[RecordBytes..], Checksum(frame[..RecordBytes]));
        _unsynced.AddRange(frame);
    }

    public void Sync()
    {
        _durable.AddRange(_unsynced);
        _unsynced.Clear();
    }

    /// <summary>The machine goes down.</summary>
    public void Crash()
    {
        if (_unsynced.Count > 0)
        {
            Keep(scenario.Swarm.Faults);
            Sync();
        }
    }

    /// <summary>Everything up to the last good record; the journal goes on from there.</summary>
    public List<DiskRecord> Replay()
    {
        var records = new List<DiskRecord>();
        byte[] bytes = [.. _durable];
        int end = 0;
        for (; end + FrameBytes <= bytes.Length && Read(bytes.AsSpan(end, FrameBytes)) is { } record; end += FrameBytes)
        {
            records.Add(record);
        }

        _durable.RemoveRange(end, bytes.Length - end);
        return records;
    }

    private void Keep(Faults faults)
    {
        var kinds = new[] { Faults.LostWrites, Faults.TornWrites, Faults.FlippedBytes }.Where(f => (faults & f) != 0).ToArray();
        if (kinds.Length == 0)
        {
            return;
        }

        var kind = _randomness.Pick(kinds);
        tally.Count(kind);
        switch (kind)
        {
            case Faults.LostWrites:
                _unsynced.Clear();
                break;
            case Faults.TornWrites:
                int kept = _randomness.Below(_unsynced.Count);
                _unsynced.RemoveRange(kept, _unsynced.Count - kept);
                break;
            default:
                _unsynced[_randomness.Below(_unsynced.Count)] ^= (byte)(1 << _randomness.Below(8));
                break;
        }
    }

    private static DiskRecord? Read(ReadOnlySpan<byte> frame)
    {
        bool whole = BinaryPrimitives.ReadUInt64BigEndian(frame[RecordBytes..]) == Checksum(frame[..RecordBytes]);
        var content = new Hash256(frame.Slice(1 + sizeof(ulong), Hash256.Size));
        return whole ? new DiskRecord((DiskRecordKind)frame[0], BinaryPrimitives.ReadUInt64BigEndian(frame[1..]), content) : null;
    }

    /// <summary>FNV-1a: changed by every flipped bit.</summary>
    private static ulong Checksum(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (byte value in bytes)
        {
            hash = (hash ^ value) * 1_099_511_628_211;
        }

        return hash;
    }
}
