namespace DemoFl.Protocol.Tests.Node;

/// <summary>A leader that was given up for lost and is not: its slot is another's, and nothing it still has counts (DESIGN section 7; promise P5).</summary>
public class FencingTests
{
    private static readonly LeaderSet Before = Some.LeadersOf(1, 0, 2);
    private static readonly LeaderSet Next = Some.Replaced(Before, slot: 1, holder: 3);
    private readonly NodeUnderTest _leader = new();
    private readonly RoundSpec _spec = Some.Spec();
    private readonly PartySet _b = Some.Parties(1, 2, 3);

    public FencingTests()
    {
        _leader.OpenRound(_spec, Before);
        Array.ForEach([1, 2, 3], p => _leader.FromParty(p, Some.Announcement(1, Some.Nonce(p), _spec, Before)));
    }

    [Fact]
    public void Replaced_ItWasReadyToRelease_ReleasesNothing()
    {
        AgreeOnDigests();
        _leader.Hear(Some.Replacement(Before, Next));
        Assert.Empty(_leader.Hear(new ServerMessage.ReleaseAsked(new Round(1), Attempt.First)));
        Assert.Empty(_leader.Hear(new ServerMessage.ReleaseAsked(new Round(1), new Attempt(2))));
    }

    [Fact]
    public void Replaced_WhatIsAskedOfALeader_IsNotAnswered()
    {
        _leader.Hear(Some.Replacement(Before, Next));
        Assert.Null(_leader.Machine.OwnSlot);
        Assert.Empty(_leader.Hear(new ServerMessage.HoldingsAsked(new Round(1), new Attempt(2), _b)));
        Assert.Empty(_leader.Hear(new ServerMessage.IntersectionProposed(new Round(1), new Attempt(2), _b)));
        Assert.Empty(_leader.FromParty(4, Some.Announcement(1, Some.Nonce(4), _spec, Before)));
        Assert.Empty(_leader.FromParty(4, new PeerMessage.Affirmation(new Round(1), new Term(2), Next.Digest)));
        Assert.Empty(_leader.FromParty(4, new PeerMessage.Confirm()));
        Assert.Empty(_leader.Step(new NodeInput.SeedHeld(Some.Node(4), new Round(1), Some.Nonce(4))));
    }

    [Fact]
    public void Replaced_AsAPartyItGoesOn()
    {
        _leader.Step(new NodeInput.UpdatePrepared(new Round(1), Some.Nonce(0)));
        var effects = _leader.Hear(Some.Replacement(Before, Next));
        Assert.Equal(new Slot(1), Assert.Single(effects.OfType<NodeEffect.Reseal>()).Slot);
        Assert.Equal([0, 1, 2], effects.SlotsTold<PeerMessage.Affirmation>());
        Assert.Empty(effects.OfType<NodeEffect.Tell>());
    }

    [Fact]
    public void Paused_ForItsOwnSlot_OffersItselfForNoOther()
    {
        _leader.Hear(new ServerMessage.ElectionOpened(new Term(2), TimeSpan.Zero, 1));
        Assert.Null(_leader.Machine.NextDeadline);
    }

    private void AgreeOnDigests()
    {
        _leader.Hear(new ServerMessage.HoldingsAsked(new Round(1), Attempt.First, _b));
        var digest = Assert.Single(_leader.Hear(new ServerMessage.IntersectionProposed(new Round(1), Attempt.First, _b)).OfType<NodeEffect.SignDigest>()).Digest;
        _leader.Step(new NodeInput.DigestSigned(new SignedDigest(new Slot(1), digest, default)));
        _leader.FromParty(1, new PeerMessage.DigestShare(new SignedDigest(new Slot(0), digest, default)));
        _leader.FromParty(2, new PeerMessage.DigestShare(new SignedDigest(new Slot(2), digest, default))).Tells<NodeMessage.DigestsReported>();
    }
}
