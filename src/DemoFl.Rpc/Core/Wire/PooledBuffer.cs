using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>
/// A growing buffer on the shared array pool; doubling stops at the maximal length, if there is one. Dispose returns it; not thread-safe.
/// </summary>
internal sealed class PooledBuffer(int? maxLength = null) : IBufferWriter<byte>, IDisposable
{
    private const int InitialLength = 256;

    private byte[] _bytes = [];
    private int _written;

    /// <summary>What was written, valid until the next write or <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _written);

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(_written);
    }

    /// <summary>Makes room for this many bytes.</summary>
    public void Reserve(int count)
    {
        var needed = checked(_written + count);
        if (needed <= _bytes.Length) return;

        var doubled = (int)Math.Min(2L * _bytes.Length, maxLength ?? Array.MaxLength);
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(InitialLength, doubled)));
        _bytes.AsSpan(0, _written).CopyTo(larger);
        Release();
        _bytes = larger;
    }

    public void Dispose()
    {
        Release();
        _bytes = [];
        _written = 0;
    }

    private void Release()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
    }
}
