namespace DemoFl.Protocol;

/// <summary>
/// What a node's owner accepts, whatever a server asks (DESIGN section 13: floors N_l 2, k_min 3). A round below a floor is
/// declined, with the reason.
/// </summary>
/// <param name="MinLeaders">The smallest N_l.</param>
/// <param name="MinKMin">The smallest k_min.</param>
/// <param name="AllowPlain">Whether updates may be shown to the server.</param>
/// <param name="OwnerObjection">A further pure test of a round: the reason to decline it, or null.</param>
/// <param name="PartyRule">
/// A test of rounds in which this node is a party, with the leaders of those that have any: why its data take no part, or null. It may still lead.
/// </param>
public sealed record NodePolicy(
    int MinLeaders = 2, int MinKMin = 3, bool AllowPlain = false, Func<RoundSpec, string?>? OwnerObjection = null,
    Func<RoundSpec, LeaderSet?, PartyRefusal?>? PartyRule = null)
{
    /// <summary>Why this round is not acceptable, or null.</summary>
    public string? Objection(RoundSpec spec, LeaderSet? leaders)
    {
        if (OwnerObjection?.Invoke(spec) is { } objection)
        {
            return objection;
        }

        if (spec.Layout == Layout.Plain)
        {
            return AllowPlain ? null : "the layout is plain, which shows updates to the server; start the node with --allow-plain to accept that";
        }

        if (leaders is null || leaders.Seats.Length < MinLeaders)
        {
            return $"the leader set has {leaders?.Seats.Length ?? 0} leaders, fewer than this node's floor of {MinLeaders}";
        }

        return spec.KMin < MinKMin ? $"k_min is {spec.KMin}, below this node's floor of {MinKMin}" : null;
    }
}
