using DemoFl.Protocol;
using DemoFl.Sharing;
using DemoFl.V1;

namespace DemoFl.Cli.Attack;

/// <summary>
/// What a leader holds of the parties: the seed of each one's mask and, in the rotating layout, the vectors it keeps. Unlike a node it forgets
/// nothing when the round closes.
/// </summary>
internal sealed class Holdings : IDisposable
{
    private readonly Dictionary<NodeId, MaskSeed> _masks = [];
    private readonly Dictionary<NodeId, (RingVector Vector, RingVector Lanes)> _kept = [];

    public void Hold(NodeId party, MaskSeed seed) => _masks.Add(party, seed);

    /// <summary>Takes a piece of a vector that this leader keeps; true when it was the last.</summary>
    public bool Keep(NodeId party, Protocol.RoundSpec spec, VectorPiece piece)
    {
        if (!_kept.TryGetValue(party, out var kept))
        {
            _kept[party] = kept = (Rings.Zero(spec), new RingVector(RingWidth.Bits64, Lanes.Count));
            kept.Lanes.AddAt(0, piece.Lanes.Span);
        }

        kept.Vector.AddAt((int)piece.Offset, piece.Words.Span);
        return (int)piece.Offset + piece.Words.Length == kept.Vector.ByteLength;
    }

    public bool Keeps(NodeId party) => _kept.ContainsKey(party);

    /// <summary>Adds this leader's share of a party: PRG(s_ij), or y_i where it keeps the vector.</summary>
    public void AddShare(NodeId party, RingVector vector, RingVector lanes)
    {
        if (_kept.TryGetValue(party, out var kept))
        {
            vector.Add(kept.Vector);
            lanes.Add(kept.Lanes);
            return;
        }

        Mask.Add(_masks[party], vector, lanes);
    }

    public void Dispose()
    {
        foreach (var seed in _masks.Values)
        {
            seed.Dispose();
        }
    }
}
