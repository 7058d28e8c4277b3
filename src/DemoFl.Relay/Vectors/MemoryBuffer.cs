namespace DemoFl.Relay.Vectors;

/// <summary>A vector in one array.</summary>
internal sealed class MemoryBuffer(int length) : IVectorBuffer
{
    // Nothing is read before it was written.
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(length);

    public int Length => _bytes.Length;

    public int Written { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(Written));
        Written += bytes.Length;
    }

    public void Read(Action<int, ReadOnlySpan<byte>> take) => take(0, _bytes.AsSpan(0, Written));
}
