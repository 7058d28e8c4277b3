namespace DemoFl.Sharing.Tests.Oracles;

/// <summary>
/// One round of layout `masked`: party i sends y_i = q_i - sum_j s_ij, leader j releases A_j = sum_i s_ij, and the
/// coordinator adds them all.
/// </summary>
internal sealed class MaskedRound
{
    private readonly IReadOnlyList<PartyInput> _inputs;
    private readonly IShareSource _shares;

    public MaskedRound(IReadOnlyList<PartyInput> inputs, int slots, IShareSource shares)
    {
        _inputs = inputs;
        _shares = shares;
        Masked = [.. inputs.Select(q => q.Copy())];
        Released = [.. Enumerable.Range(0, slots).Select(_ => Zero())];
        for (var party = 0; party < inputs.Count; party++)
        {
            for (var slot = 0; slot < slots; slot++)
            {
                shares.Subtract(party, slot, Masked[party].Vector, Masked[party].Lanes);
                shares.Add(party, slot, Released[slot].Vector, Released[slot].Lanes);
            }
        }

        Total = Released.Concat(Masked).Aggregate(Zero(), (sum, next) => sum.Plus(next));
    }

    /// <summary>y_i.</summary>
    public IReadOnlyList<PartyInput> Masked { get; }

    /// <summary>A_j.</summary>
    public IReadOnlyList<PartyInput> Released { get; }

    public PartyInput Total { get; }

    /// <summary>All that the coordinator, the leaders of some slots and some parties see together.</summary>
    public IEnumerable<PartyInput> View(IEnumerable<int> corruptSlots, IEnumerable<int> corruptParties)
    {
        foreach (var seen in Masked.Concat(Released).Append(Total))
            yield return seen;
        foreach (var slot in corruptSlots)
        {
            for (var party = 0; party < _inputs.Count; party++)
                yield return Share(party, slot);
        }

        foreach (var party in corruptParties)
        {
            yield return _inputs[party];
            for (var slot = 0; slot < Released.Count; slot++)
                yield return Share(party, slot);
        }
    }

    private PartyInput Share(int party, int slot)
    {
        var share = Zero();
        _shares.Add(party, slot, share.Vector, share.Lanes);
        return share;
    }

    private PartyInput Zero() => PartyInput.Zero(_inputs[0].Vector.Ring, _inputs[0].Vector.Length);
}
