namespace DemoFl.Protocol.Tests.Node;

/// <summary>What a leader may still do in a round: the table of DESIGN section 7, and promises P5 and P6.</summary>
public class LeaderRoundTests
{
    private readonly LeaderUnderTest _leader = new();

    /// <summary>Better told than waited for until the deadline.</summary>
    [Fact]
    public void SumFailed_OfTheOpenRound_RefusesIt()
    {
        var leader = new LeaderUnderTest().Announced(1, 2, 3);
        leader.Agree(1, 1, 2, 3);
        leader.AskRelease(1);
        Assert.Equal("disk on fire", leader.Step(new NodeInput.SumFailed(leader.Spec.Round, "disk on fire")).Tells<NodeMessage.LeaderRefused>().Reason);
        Assert.Empty(leader.Step(new NodeInput.SumFailed(new Round(99), "another round's")));
    }

    [Fact]
    public void Asked_NewAttempt_ReportsWhoIsUploadedAndAnnouncedUnderTheSameNonce()
    {
        _leader.Announced(1, 2, 3);
        _leader.Announce(4, nonce: 99);
        var report = _leader.Ask(1, 0, 1, 2, 4).Tells<NodeMessage.HoldingsReported>();
        Assert.Equal(new HashSet<NodeId> { Some.Node(1), Some.Node(2) }, report.Holdings.ToHashSet());
        Assert.Equal(2, report.Holdings.Length);
    }

    [Fact]
    public void Asked_SameOrEarlierAttempt_SaysNothing()
    {
        _leader.Announced(1, 2, 3).Ask(2, 1, 2, 3);
        Assert.Empty(_leader.Ask(2, 1, 2));
        Assert.Empty(_leader.Ask(1, 1, 2));
    }

    [Fact]
    public void Proposed_WithinHoldings_SignsTheDigestOfEverythingTheSumDependsOn()
    {
        _leader.Announced(1, 2, 3, 4).Ask(1, 1, 2, 3, 4);
        var effect = Assert.IsType<NodeEffect.SignDigest>(Assert.Single(_leader.Propose(1, 1, 2, 3)));
        Assert.Equal(_leader.Digest(1, 1, 2, 3), effect.Digest);
    }

    [Fact]
    public void Proposed_PartyNotInOwnHoldings_IsRefused()
    {
        _leader.Announced(1, 2, 3).Ask(1, 1, 2, 3, 4);
        AssertRefused(_leader.Propose(1, 1, 2, 3, 4), "does not hold");
    }

    [Fact]
    public void Proposed_PartyUnderAnotherNonce_IsRefused()
    {
        _leader.Announced(1, 2, 3).Ask(1, 1, 2, 3);
        var forged = new PartySet([Some.Contribution(1), Some.Contribution(2), new Contribution(Some.Node(3), Some.Nonce(99).Hash)]);
        AssertRefused(_leader.Hear(new ServerMessage.IntersectionProposed(_leader.Spec.Round, Attempt.First, forged)), "does not hold");
    }

    [Fact]
    public void Proposed_PartyNotInTheSignedUploads_IsRefused()
    {
        _leader.Announced(1, 2, 3, 4).Ask(1, 1, 2, 3);
        AssertRefused(_leader.Propose(1, 1, 2, 3, 4), "does not hold");
    }

    [Fact]
    public void Proposed_FewerThanKMin_IsRefused()
    {
        _leader.Announced(1, 2, 3).Ask(1, 1, 2, 3);
        AssertRefused(_leader.Propose(1, 1, 2), "2 parties");
    }

    [Fact]
    public void Proposed_AnotherAttemptOrBeforeAsked_SignsNothing()
    {
        _leader.Announced(1, 2, 3);
        Assert.Empty(_leader.Propose(1, 1, 2, 3));
        _leader.Ask(2, 1, 2, 3);
        Assert.Empty(_leader.Propose(1, 1, 2, 3));
        Assert.Empty(_leader.Propose(3, 1, 2, 3));
    }

    [Fact]
    public void Proposed_SecondSetInOneAttempt_SignsNothing()
    {
        _leader.Announced(1, 2, 3, 4).Ask(1, 1, 2, 3, 4);
        _leader.Propose(1, 1, 2, 3, 4);
        Assert.Empty(_leader.Propose(1, 1, 2, 3));
    }

    [Fact]
    public void Proposed_NextAttemptAfterSigning_SignsTheOtherSetAndVoidsTheFirst()
    {
        _leader.Announced(1, 2, 3, 4).Agree(1, 1, 2, 3, 4);
        _leader.Ask(2, 1, 2, 3);
        Assert.Single(_leader.Propose(2, 1, 2, 3).OfType<NodeEffect.SignDigest>());
        Assert.Empty(_leader.AskRelease(1));
    }

    [Fact]
    public void Signed_OwnDigest_GoesToEveryOtherLeaderOnce()
    {
        _leader.Announced(1, 2, 3).Ask(1, 1, 2, 3);
        _leader.Propose(1, 1, 2, 3);
        var shares = _leader.Sign(1, 1, 2, 3).OfType<NodeEffect.ToHolder>().ToArray();
        Assert.Equal([1, 2], shares.Select(s => s.Slot.Index));
        Assert.All(shares, s => Assert.Equal(_leader.Digest(1, 1, 2, 3), Assert.IsType<PeerMessage.DigestShare>(s.Message).Digest.Digest));
    }

    [Fact]
    public void Signed_DigestNotAskedFor_GoesNowhere()
    {
        _leader.Announced(1, 2, 3).Ask(1, 1, 2, 3);
        Assert.Empty(_leader.Sign(1, 1, 2, 3));
    }

    [Fact]
    public void Digests_AllEqual_AreReportedOnceInSlotOrder()
    {
        var report = _leader.Announced(1, 2, 3).Agree(1, 1, 2, 3).Tells<NodeMessage.DigestsReported>();
        Assert.Equal([0, 1, 2], report.Digests.Select(d => d.Slot.Index));
        Assert.Empty(_leader.Share(2, _leader.Digest(1, 1, 2, 3)));
    }

    [Fact]
    public void Digests_ArrivingBeforeOwnProposal_AreKept()
    {
        _leader.Announced(1, 2, 3);
        _leader.Share(1, _leader.Digest(1, 1, 2, 3));
        _leader.Share(2, _leader.Digest(1, 1, 2, 3));
        _leader.Ask(1, 1, 2, 3);
        _leader.Propose(1, 1, 2, 3);
        _leader.Sign(1, 1, 2, 3).Tells<NodeMessage.DigestsReported>();
    }

    [Fact]
    public void Digests_OneDiffers_AreReportedAsEvidenceAndNothingIsReleased()
    {
        _leader.Announced(1, 2, 3, 4).Ask(1, 1, 2, 3, 4);
        _leader.Propose(1, 1, 2, 3, 4);
        _leader.Sign(1, 1, 2, 3, 4);
        _leader.Share(1, _leader.Digest(1, 1, 2, 3, 4));
        var effects = _leader.Share(2, _leader.Digest(1, 1, 2, 3));
        Assert.Contains(effects.Tells<NodeMessage.DigestsReported>().Digests, d => d.Slot == new Slot(2) && d.Digest == _leader.Digest(1, 1, 2, 3));
        Assert.Contains("slot 2", Assert.IsType<NodeEvent.Declined>(Assert.Single(effects.OfType<NodeEffect.Report>()).Event).Reason, StringComparison.Ordinal);
        Assert.Empty(_leader.AskRelease(1));
    }

    /// <summary>
    /// Two leaders that were first told of different sets could otherwise each be turned to what the other has signed, and release for both (promise P5).
    /// </summary>
    [Fact]
    public void Proposed_TheOthersSetAfterDigestsDiffered_SignsAndReleasesNothing()
    {
        _leader.Announced(1, 2, 3, 4).Ask(1, 1, 2, 3, 4);
        _leader.Propose(1, 1, 2, 3, 4);
        _leader.Sign(1, 1, 2, 3, 4);
        _leader.Share(1, _leader.Digest(1, 1, 2, 3));
        _leader.Share(2, _leader.Digest(1, 1, 2, 3)).Tells<NodeMessage.DigestsReported>();
        Assert.Empty(_leader.Propose(1, 1, 2, 3));
        Assert.Empty(_leader.Sign(1, 1, 2, 3));
        Assert.Empty(_leader.AskRelease(1));
        Assert.Empty(_leader.Share(1, _leader.Digest(2, 1, 2, 3)));
    }

    [Fact]
    public void Digests_SentForSomebodyElsesSlotOrByNoLeader_DoNotCount()
    {
        _leader.Announced(1, 2, 3).Ask(1, 1, 2, 3);
        _leader.Propose(1, 1, 2, 3);
        _leader.Sign(1, 1, 2, 3);
        _leader.Share(1, _leader.Digest(1, 1, 2, 3));
        Assert.Empty(_leader.Share(2, _leader.Digest(1, 1, 2, 3), from: 1));
        Assert.Empty(_leader.Share(2, _leader.Digest(1, 1, 2, 3), from: 4));
        Assert.Empty(_leader.AskRelease(1));
    }

    [Fact]
    public void ReleaseAsked_BeforeAllDigests_ReleasesNothing()
    {
        _leader.Announced(1, 2, 3).Ask(1, 1, 2, 3);
        _leader.Propose(1, 1, 2, 3);
        _leader.Sign(1, 1, 2, 3);
        _leader.Share(1, _leader.Digest(1, 1, 2, 3));
        Assert.Empty(_leader.AskRelease(1));
    }

    [Fact]
    public void ReleaseAsked_AfterAllDigests_ReleasesTheAgreedSetWithItsNonces()
    {
        _leader.Announced(1, 2, 3, 4).Agree(1, 1, 2, 3);
        var release = Assert.IsType<NodeEffect.ReleaseSum>(Assert.Single(_leader.AskRelease(1)));
        Assert.Equal(new Slot(0), release.Slot);
        Assert.Equal(Some.Parties(1, 2, 3).Contributions, release.Parties.Select(p => new Contribution(p.Party, p.Nonce.Hash)));
    }

    [Fact]
    public void ReleaseAsked_Again_GivesTheSameAnswerAndNothingElse()
    {
        _leader.Announced(1, 2, 3).Agree(1, 1, 2, 3);
        var first = Assert.IsType<NodeEffect.ReleaseSum>(Assert.Single(_leader.AskRelease(1)));
        var second = Assert.IsType<NodeEffect.ReleaseSum>(Assert.Single(_leader.AskRelease(1)));
        Assert.Equal(first.Parties.AsEnumerable(), second.Parties);
        Assert.Equal((first.Spec, first.Slot, first.Attempt), (second.Spec, second.Slot, second.Attempt));
    }

    [Fact]
    public void Released_AnyLaterAttempt_ReportsAndSignsNothing()
    {
        _leader.Announced(1, 2, 3, 4).Agree(1, 1, 2, 3);
        _leader.AskRelease(1);
        Assert.Empty(_leader.Ask(2, 1, 2, 3, 4));
        Assert.Empty(_leader.Propose(2, 1, 2, 3, 4));
        Assert.Empty(_leader.Propose(1, 1, 2, 3, 4));
        Assert.Empty(_leader.AskRelease(2));
    }

    [Fact]
    public void RoundAborted_AnythingOfIt_SaysNothing()
    {
        _leader.Announced(1, 2, 3).Agree(1, 1, 2, 3);
        _leader.Hear(new ServerMessage.RoundAborted(_leader.Spec.Round, "over"));
        Assert.Empty(_leader.AskRelease(1));
        Assert.Empty(_leader.Ask(2, 1, 2, 3));
        Assert.Empty(_leader.Announce(4));
    }

    private static void AssertRefused(List<NodeEffect> effects, string reason)
    {
        Assert.Contains(reason, effects.Tells<NodeMessage.LeaderRefused>().Reason, StringComparison.Ordinal);
        Assert.Empty(effects.OfType<NodeEffect.SignDigest>());
    }
}
