using System.Buffers;

namespace DemoFl.Relay.Vectors;

/// <summary>
/// A vector in a run of segments of a spill file. Pieces of a segment's size go straight to the file; what comes in other sizes waits in
/// memory until a segment is full.
/// </summary>
internal sealed class SpillBuffer(SpillFile file, int length) : IVectorBuffer
{
    private readonly long _first = file.Reserve(SegmentsOf(length));
    private byte[]? _partial;

    public int Length => length;

    public int Written { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int inSegment = Written % SpillFile.SegmentBytes;
            int taken = Math.Min(bytes.Length, SpillFile.SegmentBytes - inSegment);
            bool isFull = inSegment + taken == SpillFile.SegmentBytes || Written + taken == length;
            var segment = inSegment == 0 && isFull ? bytes[..taken] : Collected(inSegment, bytes[..taken]);
            if (isFull)
            {
                file.Write(_first + (Written / SpillFile.SegmentBytes), segment);
                _partial = null;
            }

            Written += taken;
            bytes = bytes[taken..];
        }
    }

    public void Read(Action<int, ReadOnlySpan<byte>> take)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(SpillFile.SegmentBytes);
        try
        {
            for (int at = 0; at < length; at += SpillFile.SegmentBytes)
            {
                var segment = rented.AsSpan(0, Math.Min(SpillFile.SegmentBytes, length - at));
                file.Read(_first + (at / SpillFile.SegmentBytes), segment);
                take(at, segment);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int SegmentsOf(int length) => (int)(((long)length + SpillFile.SegmentBytes - 1) / SpillFile.SegmentBytes);

    private ReadOnlySpan<byte> Collected(int inSegment, ReadOnlySpan<byte> bytes)
    {
        _partial ??= new byte[SpillFile.SegmentBytes];
        bytes.CopyTo(_partial.AsSpan(inSegment));
        return _partial.AsSpan(0, inSegment + bytes.Length);
    }
}
