using DemoFl.Protocol;
using DemoFl.Sharing;

namespace DemoFl.Node.Rounds;

/// <summary>
/// A party's update of one round: encoded once, then masked in place, and kept as those bytes until the round closes. Encoding twice
/// under one nonce would be a two-time pad.
/// </summary>
internal sealed class PreparedUpdate(RoundSpec spec, Nonce nonce, Memory<byte> words, RingVector? vector, RingVector lanes)
{
    private bool _begun;

    public RoundSpec Spec => spec;

    public Nonce Nonce => nonce;

    /// <summary>What travels: ring words, or float32 in the plain layout.</summary>
    public ReadOnlyMemory<byte> Words => words;

    public ReadOnlyMemory<byte> Lanes => lanes.Memory;

    /// <summary>All masks are off: the bytes may leave.</summary>
    public bool IsMasked { get; private set; }

    /// <summary>Takes the masks off, once; later calls leave the bytes as they are.</summary>
    public void MaskOnce(IEnumerable<MaskSeed> seeds)
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        foreach (var seed in seeds)
        {
            Mask.Subtract(seed, vector!, lanes);
        }

        IsMasked = true;
    }

    /// <summary>Clears the bytes.</summary>
    public void Clear()
    {
        words.Span.Clear();
        lanes.Clear();
    }
}
