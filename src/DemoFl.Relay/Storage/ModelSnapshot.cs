using System.Runtime.InteropServices;
using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Relay.Storage;

/// <summary>One W: its float32 bytes, their hash, and the frames it travels in, made once and shared by all who fetch it. Immutable.</summary>
internal sealed class ModelSnapshot
{
    private readonly byte[] _bytes;

    public ModelSnapshot(ReadOnlySpan<float> parameters)
        : this(MemoryMarshal.AsBytes(parameters).ToArray())
    {
    }

    private ModelSnapshot(byte[] bytes)
    {
        _bytes = bytes;
        Hash = Hash256.Of(_bytes);
        Pieces = [.. Cut(_bytes)];
    }

    /// <summary>H(W).</summary>
    public Hash256 Hash { get; }

    public ReadOnlySpan<float> Parameters => MemoryMarshal.Cast<byte, float>(_bytes);

    public int ByteLength => _bytes.Length;

    /// <summary>The pieces, without a header.</summary>
    public IReadOnlyList<VectorFrame> Pieces { get; }

    /// <summary>Another model, made by changing a copy of this one in place.</summary>
    public ModelSnapshot Changed(Action<Span<float>> change)
    {
        byte[] copy = _bytes.AsSpan().ToArray();
        change(MemoryMarshal.Cast<byte, float>(copy.AsSpan()));
        return new ModelSnapshot(copy);
    }

    private static IEnumerable<VectorFrame> Cut(byte[] bytes)
    {
        for (int at = 0; at < bytes.Length; at += WireLimits.PieceBytes)
        {
            int length = Math.Min(WireLimits.PieceBytes, bytes.Length - at);
            yield return new VectorFrame { Piece = UnsafeByteOperations.UnsafeWrap(bytes.AsMemory(at, length)) };
        }
    }
}
