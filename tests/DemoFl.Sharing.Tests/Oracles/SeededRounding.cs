using DemoFl.Sharing.Prg;

namespace DemoFl.Sharing.Tests.Oracles;

/// <summary>Rounding bits that repeat: a keystream under a key made of the seed.</summary>
internal sealed class SeededRounding : IRoundingSource
{
    private readonly AesCtr _stream;

    public SeededRounding(int seed)
    {
        Span<byte> key = stackalloc byte[AesCtr.KeySize];
        BitConverter.TryWriteBytes(key, seed);
        _stream = AesCtr.Create(key);
    }

    public void Fill(Span<byte> bytes) => _stream.Fill(bytes);
}
