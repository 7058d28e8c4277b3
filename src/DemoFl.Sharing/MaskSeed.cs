using System.Security.Cryptography;

namespace DemoFl.Sharing;

/// <summary>
/// One party's seed for one slot and round. The first 16 bytes key the mask of the vector, the last 16 that of the lanes,
/// each AES-128-CTR from a zero counter (so a seed must never serve two rounds). Clear it by disposing. Reading is safe
/// for concurrent use, disposing is not.
/// </summary>
public sealed class MaskSeed : IDisposable
{
    /// <summary>Bytes of a seed.</summary>
    public const int Size = 32;

    // Pinned so that the collector leaves no copies behind.
    private readonly byte[] _bytes = GC.AllocateArray<byte>(Size, pinned: true);
    private bool _disposed;

    /// <summary>Copies the seed; the caller clears its own bytes.</summary>
    /// <param name="seed">Exactly <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentException">The seed has another length.</exception>
    public MaskSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != Size)
            throw new ArgumentException($"A mask seed of {seed.Length} bytes must have {Size}.", nameof(seed));
        seed.CopyTo(_bytes);
    }

    internal ReadOnlySpan<byte> VectorKey => Key(0);

    internal ReadOnlySpan<byte> LanesKey => Key(Size / 2);

    /// <summary>Clears the seed.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }

    /// <summary>Never the seed.</summary>
    public override string ToString() => "MaskSeed(redacted)";

    private ReadOnlySpan<byte> Key(int start)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _bytes.AsSpan(start, Size / 2);
    }
}
