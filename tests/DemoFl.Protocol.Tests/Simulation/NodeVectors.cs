namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>A node's vectors: its own updates as a party, and as a holder the announced masks and the vectors it keeps.</summary>
internal sealed class NodeVectors(PairChannels channels)
{
    private readonly Dictionary<Round, uint[]> _updates = [];
    private readonly Dictionary<(Round Round, NodeId Party, Nonce Nonce), Hash256> _announcedUnder = [];
    private readonly Dictionary<(Round Round, NodeId Party), uint[]> _held = [];

    public void Prepare(Round round, uint[] update) => _updates[round] = update;

    /// <summary>
    /// The pair key of an announcement is the one it came under. A party that restarts and agrees a new key in the same term leaves
    /// its earlier vector in the round, masked under the earlier key.
    /// </summary>
    public void Heard(NodeId party, PeerMessage message)
    {
        if (message is PeerMessage.Announcement m && channels.ToParty(party) is { } channel)
        {
            _announcedUnder.TryAdd((m.Round, party, m.Nonce), channel.Key);
        }
    }

    public void Hold(NodeId party, SealedContent.Vector vector) => _held.TryAdd((vector.Round, party), vector.Words);

    /// <summary>The update minus the mask of every slot but the one that keeps the vector; null when a channel is gone.</summary>
    public uint[]? Masked(NodeEffect.SubmitVector submit)
    {
        uint[] words = _updates[submit.Spec.Round];
        foreach (var slot in submit.Leaders?.Seats.Select(s => s.Slot) ?? [])
        {
            if (channels.ToHolder(slot) is not { } channel)
            {
                return null;
            }

            words = Keeps(submit.Spec, submit.Leaders!, slot, submit.Nonce)
                ? words
                : Ring.Minus(words, Ring.Mask(channel.Key, submit.Spec, submit.Leaders!, slot, submit.Nonce));
        }

        return words;
    }

    /// <summary>A_j.</summary>
    public uint[] Sum(NodeEffect.ReleaseSum release) => Ring.Sum(release.Parties.Select(p =>
        Keeps(release.Spec, release.Leaders, release.Slot, p.Nonce)
            ? _held[(release.Spec.Round, p.Party)]
            : Ring.Mask(_announcedUnder[(release.Spec.Round, p.Party, p.Nonce)], release.Spec, release.Leaders, release.Slot, p.Nonce)));

    public void Forget(Round upTo)
    {
        foreach (var key in _announcedUnder.Keys.Where(k => k.Round <= upTo).ToArray())
        {
            _announcedUnder.Remove(key);
        }

        foreach (var key in _held.Keys.Where(k => k.Round <= upTo).ToArray())
        {
            _held.Remove(key);
        }

        foreach (var key in _updates.Keys.Where(k => k <= upTo).ToArray())
        {
            _updates.Remove(key);
        }
    }

    private static bool Keeps(RoundSpec spec, LeaderSet leaders, Slot slot, Nonce nonce) =>
        spec.Layout == Layout.Rotating && VectorKeeper.Of(nonce, leaders.Seats.Length) == slot;
}
