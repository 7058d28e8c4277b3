namespace DemoFl.Protocol;

/// <summary>What a leader must not put its name to, whatever the coordinator asks.</summary>
internal static class LeaderRights
{
    /// <summary>Why not to sign B, or null. Promise P6, and that B is within B_0 and this leader's own B_j.</summary>
    public static string? Objection(PartySet b, RoundSpec spec, PartySet uploaded, MaskHoldings holdings)
    {
        if (b.Count < spec.KMin || b.Count > spec.Participants.Length)
        {
            return $"the intersection has {b.Count} parties, outside {spec.KMin} to {spec.Participants.Length}";
        }

        var complete = uploaded.Contributions.ToHashSet();
        return b.Contributions.All(c => complete.Contains(c) && holdings.Holds(c))
            ? null
            : "the intersection names a party whose announcement this leader does not hold";
    }

    /// <summary>Why not to agree that another slot than its own is filled anew like this, or null.</summary>
    public static string? Objection(ServerMessage.ReplacementAsked asked, RoundSpec spec, LeaderSet leaders, Slot own)
    {
        var offer = asked.Offer.Offer;
        bool sound = leaders.ReplacedIn(asked.Leaders) is { } lost && lost != own && asked.Leaders.Seats[lost.Index].Made(offer) && offer.Run == spec.Run
            && offer.FirstRound == spec.Round;
        return sound ? null : "the replacement asked for does not fill one lost slot of this leader's set";
    }
}
