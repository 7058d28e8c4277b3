namespace DemoFl.Protocol.Tests.Node;

/// <summary>
/// What a surviving leader may still do in a round that loses another one: the table of DESIGN section 7, row by row, and promise P5. The fourth row,
/// a leader that restarted, has lost its slot: see <see cref="NodeElectionTests"/>.
/// </summary>
public class LeaderReorganisationTests
{
    private readonly LeaderUnderTest _leader = new LeaderUnderTest().Announced(1, 2, 3, 4);

    [Fact]
    public void HasSignedNothing_MaySignAReplacement()
    {
        var effect = Assert.IsType<NodeEffect.SignReplacement>(Assert.Single(_leader.AskReplacement()));
        var replaced = Some.Replacement(LeaderUnderTest.Leaders, LeaderUnderTest.Next);
        Assert.Equal((replaced.Agreements[0].Replacement, replaced.Offer), (effect.Replacement, effect.Offer));
        var agreed = _leader.SignReplacement().Tells<NodeMessage.ReplacementAgreed>();
        Assert.Equal((new Round(1), new Slot(0), effect.Replacement), (agreed.Round, agreed.Signed.Signer, agreed.Signed.Replacement));
    }

    [Fact]
    public void HasSignedAnAttempt_MaySignAReplacementWhichVoidsIt()
    {
        _leader.Agree(1, 1, 2, 3);
        Assert.Single(_leader.AskReplacement().OfType<NodeEffect.SignReplacement>());
        Assert.Empty(_leader.AskRelease(1));
        _leader.SignReplacement();
        Assert.Empty(_leader.AskRelease(1));
        _leader.Replace();
        Assert.Empty(_leader.AskRelease(1));
    }

    [Fact]
    public void HasReleased_SignsNoReplacement()
    {
        _leader.Agree(1, 1, 2, 3);
        _leader.AskRelease(1);
        var effects = _leader.AskReplacement();
        Assert.Contains("released", effects.Tells<NodeMessage.LeaderRefused>().Reason, StringComparison.Ordinal);
        Assert.Empty(effects.OfType<NodeEffect.SignReplacement>());
        Assert.Empty(_leader.SignReplacement());

        // What it released it still sends again.
        Assert.Single(_leader.AskRelease(1).OfType<NodeEffect.ReleaseSum>());
    }

    [Fact]
    public void HasAgreedToAReplacement_SignsNoOther()
    {
        _leader.AskReplacement();
        var other = Some.Replaced(LeaderUnderTest.Leaders, 1, holder: 4, term: 3);
        var effects = _leader.AskReplacement(other, Some.Offer(other.Seats[1]));
        Assert.Contains("already", effects.Tells<NodeMessage.LeaderRefused>().Reason, StringComparison.Ordinal);
        Assert.Empty(effects.OfType<NodeEffect.SignReplacement>());
    }

    /// <summary>R = 1: each slot replaced costs one tolerated corrupt leader (promise P4).</summary>
    [Fact]
    public void HasSeenASlotFilledAnew_SignsNoSecondReplacement()
    {
        _leader.Reorganise();
        var second = Some.Replaced(LeaderUnderTest.Next, 2, holder: 4, term: 3);
        _leader.AskReplacement(second, Some.Offer(second.Seats[2])).Tells<NodeMessage.LeaderRefused>();
    }

    [Fact]
    public void HasAgreed_UntilTheSlotIsFilled_DoesNothingOfAnyAttempt()
    {
        _leader.Ask(1, 1, 2, 3);
        _leader.Propose(1, 1, 2, 3);
        _leader.AskReplacement();
        Assert.Empty(_leader.Propose(1, 1, 2, 3));
        Assert.Empty(_leader.Ask(2, 1, 2, 3));
        Assert.Empty(_leader.Propose(2, 1, 2, 3));
        Assert.Empty(_leader.Sign(1, 1, 2, 3));
        Assert.Empty(_leader.AskRelease(1));
    }

    [Fact]
    public void ReplacementSigned_ThatWasNotAskedFor_IsNotTold()
    {
        Assert.Empty(_leader.SignReplacement());
        _leader.AskReplacement();
        var replacement = Some.Replacement(LeaderUnderTest.Leaders, LeaderUnderTest.Next).Agreements[0].Replacement;
        Assert.Empty(_leader.SignReplacement(replacement with { Holder = Some.Node(9) }));
        _leader.Replace();
        Assert.Empty(_leader.SignReplacement());
    }

    /// <summary>It would be waited for until the deadline; what it has voided stays void.</summary>
    [Fact]
    public void ReplacementDeclined_ByTheHost_RefusesTheRound()
    {
        _leader.Agree(1, 1, 2, 3);
        var asked = Assert.IsType<NodeEffect.SignReplacement>(Assert.Single(_leader.AskReplacement())).Replacement;
        Assert.Empty(_leader.Step(new NodeInput.ReplacementDeclined(asked with { Holder = Some.Node(9) })));
        var effects = _leader.Step(new NodeInput.ReplacementDeclined(asked));
        Assert.Contains("does not accept", effects.Tells<NodeMessage.LeaderRefused>().Reason, StringComparison.Ordinal);
        Assert.Empty(_leader.AskRelease(1));
    }

    public static TheoryData<string, Func<KeyOffer, KeyOffer>> OtherOffers => ReplacementRefusalTests.OtherOffers;

    [Theory]
    [MemberData(nameof(OtherOffers))]
    public void ReplacementAsked_OfferIsNotTheNewHolders_IsRefused(string field, Func<KeyOffer, KeyOffer> forge)
    {
        var offer = Some.Offer(LeaderUnderTest.Next.Seats[1]);
        var effects = _leader.AskReplacement(offer: offer with { Offer = forge(offer.Offer) });
        Assert.False(effects.OfType<NodeEffect.SignReplacement>().Any(), $"an offer with another {field} was signed");
        effects.Tells<NodeMessage.LeaderRefused>();
    }

    [Fact]
    public void ReplacementAsked_OfItsOwnSlotOrOfTwo_IsRefused()
    {
        var own = Some.Replaced(LeaderUnderTest.Leaders, 0, holder: 4);
        new LeaderUnderTest().AskReplacement(own, Some.Offer(own.Seats[0])).Tells<NodeMessage.LeaderRefused>();
        var two = Some.Replaced(LeaderUnderTest.Next, 2, holder: 4);
        new LeaderUnderTest().AskReplacement(two, Some.Offer(two.Seats[1])).Tells<NodeMessage.LeaderRefused>();
        new LeaderUnderTest().AskReplacement(LeaderUnderTest.Leaders).Tells<NodeMessage.LeaderRefused>();
    }

    [Fact]
    public void ReplacementAsked_InAnotherRound_IsIgnored() => Assert.Empty(_leader.AskReplacement(round: new Round(9)));

    [Fact]
    public void Replaced_EarlierAttempt_IsVoidAndTheNextBindsTheNewSetAndTerm()
    {
        _leader.Agree(1, 1, 2, 3);
        _leader.Reorganise();
        Assert.Empty(_leader.Ask(1, 1, 2, 3));
        Assert.Empty(_leader.Propose(1, 1, 2, 3));
        Assert.Empty(_leader.AskRelease(1));

        _leader.Affirm(1, 2, 3);
        _leader.Ask(2, 1, 2, 3);
        var signed = Assert.IsType<NodeEffect.SignDigest>(Assert.Single(_leader.Propose(2, 1, 2, 3))).Digest;
        Assert.Equal((new Term(2), new Attempt(2), LeaderUnderTest.Next.Digest), (signed.Term, signed.Attempt, signed.Leaders));
        _leader.Agree(2, 1, 2, 3).Tells<NodeMessage.DigestsReported>();
        Assert.Equal(LeaderUnderTest.Next.Digest, Assert.IsType<NodeEffect.ReleaseSum>(Assert.Single(_leader.AskRelease(2))).Leaders.Digest);
    }

    [Fact]
    public void Replaced_DigestsOfTheEarlierSet_DoNotCountAnyMore()
    {
        _leader.Ask(1, 1, 2, 3);
        _leader.Share(1, _leader.Digest(1, 1, 2, 3));
        _leader.Share(2, _leader.Digest(1, 1, 2, 3));
        var late = _leader.Digest(1, 1, 2, 3);
        _leader.Reorganise();
        _leader.Affirm(1, 2, 3);
        _leader.Ask(2, 1, 2, 3);
        _leader.Propose(2, 1, 2, 3);
        Assert.Empty(_leader.Sign(2, 1, 2, 3).OfType<NodeEffect.Tell>());
        Assert.Empty(_leader.Share(2, late));
        Assert.Empty(_leader.Share(1, _leader.Digest(2, 1, 2, 3), from: 1));
        Assert.Empty(_leader.AskRelease(2));
    }

    /// <summary>A digest of the earlier set under the next attempt's number is another one: evidence, and no release.</summary>
    [Fact]
    public void Replaced_NextAttemptSignedUnderTheEarlierSet_ReleasesNothing()
    {
        var stale = _leader.Digest(2, 1, 2, 3);
        _leader.Reorganise();
        _leader.Affirm(1, 2, 3);
        _leader.Ask(2, 1, 2, 3);
        _leader.Propose(2, 1, 2, 3);
        _leader.Sign(2, 1, 2, 3);
        _leader.Share(1, _leader.Digest(2, 1, 2, 3), from: 3);
        _leader.Share(2, stale).Tells<NodeMessage.DigestsReported>();
        Assert.Empty(_leader.AskRelease(2));
    }

    /// <summary>The new holder may be first through the relay.</summary>
    [Fact]
    public void Replaced_DigestOfTheNewHolderBeforeOwnProposal_IsKept()
    {
        _leader.Reorganise();
        _leader.Affirm(1, 2, 3);
        _leader.Share(1, _leader.Digest(2, 1, 2, 3), from: 3);
        _leader.Ask(2, 1, 2, 3);
        _leader.Propose(2, 1, 2, 3);
        _leader.Share(2, _leader.Digest(2, 1, 2, 3));
        _leader.Sign(2, 1, 2, 3).Tells<NodeMessage.DigestsReported>();
    }

    /// <summary>A party may hear of the new set first, and announces once.</summary>
    [Fact]
    public void BeforeItIsReplaced_AnnouncementUnderTheSetThatItAgreedTo_IsAcknowledgedThen()
    {
        var announcement = Some.Announcement(1, Some.Nonce(0), _leader.Spec, LeaderUnderTest.Next);
        _leader.AskReplacement();
        _leader.SignReplacement();
        Assert.Empty(_leader.Step(new NodeInput.FromParty(Some.Node(0), announcement)));
        var effects = _leader.Replace();
        Assert.Equal(LeaderUnderTest.Next.Digest, Assert.Single(effects.OfType<NodeEffect.HoldMask>()).Leaders.Digest);
        effects.Sends<PeerMessage.Acknowledgement>();
        Assert.Single(_leader.Ask(1, 0).Tells<NodeMessage.HoldingsReported>().Holdings);
    }

    /// <summary>So may another leader, which goes on to the next attempt; the new holder's word comes before this leader knows of it.</summary>
    [Fact]
    public void BeforeItIsReplaced_WordOfTheNextAttempt_CountsThen()
    {
        _leader.Ask(1, 1, 2, 3);
        _leader.AskReplacement();
        _leader.SignReplacement();
        var (b, next) = (Some.Parties(1, 2, 3), LeaderUnderTest.Next);
        var digest = new RoundDigest(Some.Run, next.Term, new Round(1), new Attempt(2), _leader.Spec.Digest, next.Digest, b.Digest);
        foreach (var (from, slot) in (ReadOnlySpan<(int, int)>)[(3, 1), (2, 2)])
        {
            var share = new PeerMessage.HoldingsShare(new Round(1), new Attempt(2), b.Digest, [Some.Node(1), Some.Node(2), Some.Node(3)]);
            _leader.Step(new NodeInput.FromParty(Some.Node(from), share));
            _leader.Share(slot, digest, from);
        }

        _leader.Replace();
        _leader.Affirm(1, 2, 3);
        var asked = _leader.Hear(new ServerMessage.HoldingsAsked(new Round(1), new Attempt(2), b, ByLeaders: true));
        Assert.Equal(digest, Assert.Single(asked.OfType<NodeEffect.SignDigest>()).Digest);
        _leader.Sign(2, 1, 2, 3).Tells<NodeMessage.DigestsReported>();
    }

    /// <summary>It has offered no keys anew, and its channels are those that it had.</summary>
    [Fact]
    public void Replaced_SurvivorsOwnSlot_IsKeptAsItIs()
    {
        var effects = _leader.Reorganise();
        Assert.Empty(effects.OfType<NodeEffect.OfferKeys>());
        Assert.DoesNotContain(effects.OfType<NodeEffect.Report>(), r => r.Event is NodeEvent.SlotTaken);
        Assert.Single(Assert.Single(effects.OfType<NodeEffect.AnswerOffers>()).Offers);
    }
}
