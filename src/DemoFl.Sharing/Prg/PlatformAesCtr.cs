using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace DemoFl.Sharing.Prg;

/// <summary>The keystream by the platform's AES: encrypts a batch of counter blocks a call.</summary>
internal sealed class PlatformAesCtr : AesCtr
{
    // Each call into the platform sets up a cipher context; a batch of 4 KiB makes that cost small and stays in cache.
    private const int BatchSize = 4096;

    private readonly Aes _aes = Aes.Create();

    public PlatformAesCtr(ReadOnlySpan<byte> key, UInt128 initialCounter)
        : base(initialCounter) => _aes.SetKey(key);

    [SuppressMessage("Security", "CA5358", Justification = "ECB over distinct counter blocks is counter mode.")]
    protected override void WriteBlocks(UInt128 counter, Span<byte> blocks)
    {
        Span<byte> counters = stackalloc byte[BatchSize];
        while (!blocks.IsEmpty)
        {
            var batch = Math.Min(blocks.Length, BatchSize);
            for (var at = 0; at < batch; at += BlockSize)
            {
                BinaryPrimitives.WriteUInt128BigEndian(counters[at..], counter);
                counter = unchecked(counter + 1);
            }

            _aes.EncryptEcb(counters[..batch], blocks[..batch], PaddingMode.None);
            blocks = blocks[batch..];
        }
    }

    protected override void DisposeKey() => _aes.Dispose();
}
