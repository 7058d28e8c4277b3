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

    public List<NodeEffect> Propose(int attempt, params int[] parties) =>
        Hear(new ServerMessage.IntersectionProposed(Spec.Round, new Attempt(attempt), Some.Parties(parties)));

    public RoundDigest Digest(int attempt, params int[] parties) => new(
        Some.Run, Leaders.Term, Spec.Round, new Attempt(attempt), Spec.Digest, Leaders.Digest, Some.Parties(parties).Digest);

    /// <summary>A digest of slot <paramref name="slot"/>, which node <paramref name="from"/> sends.</summary>
    public List<NodeEffect> Share(int slot, RoundDigest digest, int? from = null) => _node.FromParty(
        from ?? slot, new PeerMessage.DigestShare(new SignedDigest(new Slot(slot), digest, default)));

    /// <summary>Proposes, signs, and shares the digests of the other leaders: all that comes before a release.</summary>
    public List<NodeEffect> Agree(int attempt, params int[] parties)
    {
        Ask(attempt, parties);
        Propose(attempt, parties);
        Sign(attempt, parties);
        Share(1, Digest(attempt, parties));
        return Share(2, Digest(attempt, parties));
    }

    public List<NodeEffect> Sign(int attempt, params int[] parties) =>
        Step(new NodeInput.DigestSigned(new SignedDigest(new Slot(0), Digest(attempt, parties), default)));

    public List<NodeEffect> AskRelease(int attempt) => Hear(new ServerMessage.ReleaseAsked(Spec.Round, new Attempt(attempt)));
}
