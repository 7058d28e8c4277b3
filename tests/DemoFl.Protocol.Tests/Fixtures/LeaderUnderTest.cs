namespace DemoFl.Protocol.Tests;

/// <summary>Node 0 as holder of slot 0 of 3 in an open round of parties 0 to 4, k_min 3.</summary>
internal sealed class LeaderUnderTest
{
    private readonly NodeUnderTest _node = new();

    public LeaderUnderTest(Layout layout = Layout.Masked)
    {
        Spec = Some.Spec(layout: layout);
        _node.OpenRound(Spec);
    }

    public RoundSpec Spec { get; }

    public static LeaderSet Leaders => Some.Leaders();

    /// <summary>Slot 1 goes to node 3.</summary>
    public static LeaderSet Next => Some.Replaced(Leaders, slot: 1, holder: 3);

    /// <summary>The set under which digests are made now.</summary>
    public LeaderSet Seated { get; private set; } = Leaders;

    public NodeMemory Memory => _node.Machine.Memory;

    public List<NodeEffect> Step(NodeInput input) => _node.Step(input);

    public List<NodeEffect> Hear(ServerMessage message) => _node.Hear(message);

    public List<NodeEffect> Announce(int party, int? nonce = null, ulong round = 1) =>
        _node.FromParty(party, Some.Announcement(round, Some.Nonce(nonce ?? party), Spec));

    public LeaderUnderTest Announced(params int[] parties)
    {
        Array.ForEach(parties, p => Announce(p));
        return this;
    }

    public List<NodeEffect> Ask(int attempt, params int[] uploaded) =>
        Hear(new ServerMessage.HoldingsAsked(Spec.Round, new Attempt(attempt), Some.Parties(uploaded)));

    /// <summary>SOFL: the leaders intersect among themselves.</summary>
    public List<NodeEffect> AskLeaders(int attempt, params int[] uploaded) =>
        Hear(new ServerMessage.HoldingsAsked(Spec.Round, new Attempt(attempt), Some.Parties(uploaded), ByLeaders: true));

    /// <summary>Another leader's B_j within B_0 = <paramref name="uploaded"/>.</summary>
    public List<NodeEffect> ShareHoldings(int from, int attempt, int[] uploaded, params int[] holdings) => _node.FromParty(
        from, new PeerMessage.HoldingsShare(Spec.Round, new Attempt(attempt), Some.Parties(uploaded).Digest, [.. holdings.Select(Some.Node)]));

    public List<NodeEffect> Propose(int attempt, params int[] parties) =>
        Hear(new ServerMessage.IntersectionProposed(Spec.Round, new Attempt(attempt), Some.Parties(parties)));

    public RoundDigest Digest(int attempt, params int[] parties) => new(
        Some.Run, Seated.Term, Spec.Round, new Attempt(attempt), Spec.Digest, Seated.Digest, Some.Parties(parties).Digest);

    /// <summary>The coordinator asks for agreement to <paramref name="next"/>, with the new holder's offer.</summary>
    public List<NodeEffect> AskReplacement(LeaderSet? next = null, SignedOffer? offer = null, Round? round = null) => Hear(
        new ServerMessage.ReplacementAsked(round ?? Spec.Round, next ?? Next, offer ?? Some.Replacement(Leaders, Next).Offer));

    /// <summary>This leader's own signature to the replacement.</summary>
    public List<NodeEffect> SignReplacement(Replacement? replacement = null) => Step(new NodeInput.ReplacementSigned(
        new SignedReplacement(new Slot(0), replacement ?? Some.Replacement(Leaders, Next).Agreements[0].Replacement, default)));

    /// <summary>All survivors have agreed.</summary>
    public List<NodeEffect> Replace()
    {
        Seated = Next;
        return Hear(Some.Replacement(Leaders, Next));
    }

    /// <summary>Asked, signed, and seated anew.</summary>
    public List<NodeEffect> Reorganise()
    {
        AskReplacement();
        SignReplacement();
        return Replace();
    }

    public List<NodeEffect> Affirm(params int[] parties) =>
        [.. parties.SelectMany(p => _node.FromParty(p, new PeerMessage.Affirmation(Spec.Round, Next.Term, Next.Digest)))];

    /// <summary>A digest of slot <paramref name="slot"/>, which node <paramref name="from"/> sends.</summary>
    public List<NodeEffect> Share(int slot, RoundDigest digest, int? from = null) => _node.FromParty(
        from ?? slot, new PeerMessage.DigestShare(new SignedDigest(new Slot(slot), digest, default)));

    /// <summary>Proposes, signs, and shares the digests of the other leaders: all that comes before a release.</summary>
    public List<NodeEffect> Agree(int attempt, params int[] parties)
    {
        Ask(attempt, parties);
        Propose(attempt, parties);
        Sign(attempt, parties);
        Share(1, Digest(attempt, parties), from: Some.NumberOf(Seated.Seats[1].Holder));
        return Share(2, Digest(attempt, parties));
    }

    public List<NodeEffect> Sign(int attempt, params int[] parties) =>
        Step(new NodeInput.DigestSigned(new SignedDigest(new Slot(0), Digest(attempt, parties), default)));

    public List<NodeEffect> AskRelease(int attempt) => Hear(new ServerMessage.ReleaseAsked(Spec.Round, new Attempt(attempt)));
}
