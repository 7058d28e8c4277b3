namespace DemoFl.Simulation;

/// <summary>A node's vectors: its own updates as a party, and as a holder the masks and the vectors it keeps.</summary>
internal sealed class NodeVectors(PairChannels channels)
{
    private readonly Dictionary<Round, uint[]> _updates = [];
    private readonly Dictionary<(Round Round, NodeId Party), (Nonce Nonce, Hash256? Mask)> _masks = [];
    private readonly Dictionary<(Round Round, NodeId Party), uint[]> _vectors = [];

    /// <summary>The round this session takes part in, or null.</summary>
    public RoundSpec? Open { get; private set; }

    public void Join(RoundSpec spec) => Open = spec;

    /// <summary>Takes over what an earlier session of the process holds as a leader of a round that it may still be asked about.</summary>
    public void Inherit(NodeVectors earlier, Round round)
    {
        foreach (var (key, mask) in earlier._masks.Where(m => m.Key.Round == round))
        {
            _masks[key] = mask;
        }

        foreach (var (key, vector) in earlier._vectors.Where(v => v.Key.Round == round))
        {
            _vectors[key] = vector;
        }
    }

    public void Prepare(Round round, uint[] update) => _updates[round] = update;

    public bool HasUpdate(Round round) => _updates.ContainsKey(round);

    /// <summary>Derives a party's mask as it announced it. A party that agrees a new key afterwards leaves its vector masked under this one.</summary>
    public void HoldMask(NodeEffect.HoldMask held)
    {
        Hash256? mask = Keeps(held.Spec, held.Leaders, held.Slot, held.Nonce) ? null
            : channels.ToParty(held.Party) is { } channel ? Ring.Mask(channel.Key, held.Spec, held.Leaders, held.Slot, held.Nonce)
            : throw new InvariantException($"a leader holds the mask of {held.Party} without a channel to it");
        Promise.Require(_masks.TryAdd((held.Spec.Round, held.Party), (held.Nonce, mask)), $"C2: the mask of {held.Party} is held twice");
    }

    /// <summary>False when the seed is of another round, or this party's is held already.</summary>
    public bool HoldSeed(NodeId party, SealedContent.Seed seed) =>
        Open is { } open && seed.Round == open.Round && open.Participants.Contains(party) && _masks.TryAdd((seed.Round, party), (seed.Nonce, seed.Mask));

    public bool HoldVector(NodeId party, SealedContent.Vector vector) => Open?.Round == vector.Round && _vectors.TryAdd((vector.Round, party), vector.Words);

    /// <summary>
    /// The update minus the mask of every slot but the one that keeps the vector, and these masks; null when a channel is gone.
    /// </summary>
    public (uint[] Words, (Seat Seat, Hash256 Mask)[] Masks)? Masked(NodeEffect.SubmitVector submit) => Masked(submit.Spec, submit.Leaders, submit.Nonce);

    public (uint[] Words, (Seat Seat, Hash256 Mask)[] Masks)? Masked(RoundSpec spec, LeaderSet? leaders, Nonce nonce)
    {
        uint[] words = [.. _updates[spec.Round]];
        var masks = new List<(Seat, Hash256)>();
        foreach (var seat in leaders?.Seats ?? [])
        {
            if (Keeps(spec, leaders!, seat.Slot, nonce))
            {
                continue;
            }

            if (channels.ForMask(seat) is not { } channel)
            {
                return null;
            }

            var mask = Ring.Mask(channel.Key, spec, leaders!, seat.Slot, nonce);
            Ring.Subtract(words, Ring.Words(mask));
            masks.Add((seat, mask));
        }

        return (words, [.. masks]);
    }

    /// <summary>The seed towards a seat as it was announced; null where that seat keeps the vector. False when its channel is gone.</summary>
    public bool TrySeed(RoundSpec spec, LeaderSet announced, Slot slot, Nonce nonce, out Hash256? mask)
    {
        mask = null;
        var seat = announced.Seats[slot.Index];
        if (Keeps(spec, announced, slot, nonce))
        {
            return true;
        }

        mask = channels.ForMask(seat) is { } channel ? Ring.Mask(channel.Key, spec, announced, slot, nonce) : null;
        return mask is not null;
    }

    /// <summary>A_j, and what it is the sum of.</summary>
    public (uint[] Sum, List<(NodeId Party, Hash256? Mask)> Of) Sum(NodeEffect.ReleaseSum release)
    {
        var (sum, of) = (Ring.Zero, new List<(NodeId, Hash256?)>());
        foreach (var (party, nonce) in release.Parties)
        {
            var key = (release.Spec.Round, party);
            Promise.Require(
                _masks.TryGetValue(key, out var held) && held.Nonce == nonce,
                $"P6: a leader releases a sum over {party}, whose mask it does not hold");
            if (held.Mask is { } mask)
            {
                Ring.Add(sum, Ring.Words(mask));
            }
            else
            {
                Promise.Require(
                    _vectors.TryGetValue(key, out uint[]? vector), $"P6: a leader releases a sum over {party}, whose vector it does not hold");
                Ring.Add(sum, vector!);
            }

            of.Add((party, held.Mask));
        }

        return (sum, of);
    }

    public void Forget(Round upTo)
    {
        Open = Open?.Round <= upTo ? null : Open;
        Remove(_masks, k => k.Round <= upTo);
        Remove(_vectors, k => k.Round <= upTo);
        Remove(_updates, k => k <= upTo);
    }

    public static bool Keeps(RoundSpec spec, LeaderSet leaders, Slot slot, Nonce nonce) =>
        spec.Layout == Layout.Rotating && VectorKeeper.Of(nonce, leaders.Seats.Length) == slot;

    private static void Remove<TKey, TValue>(Dictionary<TKey, TValue> from, Func<TKey, bool> which)
        where TKey : notnull
    {
        foreach (var key in from.Keys.Where(which).ToArray())
        {
            from.Remove(key);
        }
    }
}
