using System.Security.Cryptography;

namespace DemoFl.Sharing.Prg;

/// <summary>
/// The AES-128 keystream in counter mode (NIST SP 800-38A, section 6.5): block i is AES(key, initial counter + i), the
/// counter a 128-bit big-endian integer that wraps. One continuous stream, however it is cut into calls.
/// Not safe for concurrent use.
/// </summary>
internal abstract class AesCtr : IDisposable
{
    public const int KeySize = 16;
    public const int BlockSize = 16;

    private readonly byte[] _rest = GC.AllocateArray<byte>(BlockSize, pinned: true);
    private int _restLength;
    private UInt128 _counter;
    private bool _disposed;

    protected AesCtr(UInt128 initialCounter) => _counter = initialCounter;

    /// <summary>The fastest keystream of this machine, from counter zero.</summary>
    public static AesCtr Create(ReadOnlySpan<byte> key) =>
        IntrinsicAesCtr.IsSupported ? new IntrinsicAesCtr(key, UInt128.Zero) : new PlatformAesCtr(key, UInt128.Zero);

    /// <summary>Overwrites <paramref name="destination"/> with the next bytes of the stream.</summary>
    public void Fill(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        destination = destination[TakeRest(destination)..];
        var whole = destination.Length - (destination.Length % BlockSize);
        NextBlocks(destination[..whole]);
        if (whole == destination.Length)
            return;
        NextBlocks(_rest);
        _restLength = BlockSize;
        TakeRest(destination[whole..]);
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        CryptographicOperations.ZeroMemory(_rest);
        DisposeKey();
    }

    /// <summary>Writes whole blocks of keystream, the first under <paramref name="counter"/>.</summary>
    protected abstract void WriteBlocks(UInt128 counter, Span<byte> blocks);

    protected abstract void DisposeKey();

    private void NextBlocks(Span<byte> blocks)
    {
        if (blocks.IsEmpty)
            return;
        WriteBlocks(_counter, blocks);
        _counter = unchecked(_counter + (uint)(blocks.Length / BlockSize));
    }

    private int TakeRest(Span<byte> destination)
    {
        var taken = Math.Min(_restLength, destination.Length);
        _rest.AsSpan(BlockSize - _restLength, taken).CopyTo(destination);
        _restLength -= taken;
        return taken;
    }
}
