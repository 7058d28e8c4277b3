using DemoFl.Identity;
using DemoFl.Protocol;
using DemoFl.Wire;

namespace DemoFl.Node.Tests.Sealing;

/// <summary>One slot is filled anew (DESIGN section 7): its channels go, all others stay, and what was announced can still be resealed.</summary>
public sealed class ReseatTests : IDisposable
{
    private static readonly Slot Kept = new(0);
    private static readonly Slot Lost = new(1);

    private readonly Circle _circle = new Circle().Agree();
    private readonly RoundSpec _spec = Some.Spec(Circle.FirstRound.Value);
    private readonly Nonce _nonce = Some.Nonce();

    [Fact]
    public void Seat_SlotFilledAnew_KeepsTheOthersChannelsAndTheirSequence()
    {
        var before = _circle.FromParty(SealedKind.Announcement);
        _circle.Reorganise();
        var after = _circle.FromParty(SealedKind.Announcement);

        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, before).Objection);
        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, after).Objection);
        Assert.Contains("Replayed", _circle.Holder.Book.Open(_circle.Party.Id, before).Objection, StringComparison.Ordinal);
    }

    [Fact]
    public void Seat_SlotFilledAnewInAnOpenRound_StillGivesTheEarlierHoldersSeed()
    {
        var announced = _circle.Leaders;
        byte[] held = _circle.OtherHolder.Book.SeedOfParty(_circle.Party.Id, _spec, announced, _nonce);

        var next = _circle.Reorganise();

        Assert.Equal(held, _circle.Party.Book.SeedForSlot(Lost, _spec, announced, _nonce));

        // The new channel's own seed is another one: it is not derived for what was announced before.
        Assert.NotEqual(held, _circle.Party.Book.SeedForSlot(Lost, _spec, next, _nonce));
        Assert.Equal(_circle.NewHolder.Book.SeedOfParty(_circle.Party.Id, _spec, next, _nonce), _circle.Party.Book.SeedForSlot(Lost, _spec, next, _nonce));
    }

    [Fact]
    public void CloseRound_AfterASlotWasFilledAnew_ErasesTheEarlierHoldersKeys()
    {
        var announced = _circle.Leaders;
        _circle.Reorganise();

        _circle.Party.Book.CloseRound(Circle.FirstRound);

        Assert.Throws<InvalidOperationException>(() => _circle.Party.Book.SeedForSlot(Lost, _spec, announced, _nonce));
    }

    [Fact]
    public void Seat_BetweenRounds_SetsNothingAside()
    {
        var announced = _circle.Leaders;

        _circle.Party.Book.Seat(_circle.Next, roundIsOpen: false);

        Assert.Throws<InvalidOperationException>(() => _circle.Party.Book.SeedForSlot(Lost, _spec, announced, _nonce));
        Assert.Equal(Sharing.MaskSeed.Size, _circle.Party.Book.SeedForSlot(Kept, _spec, announced, _nonce).Length);
    }

    /// <summary>Seeds are all that the channel set aside is for: a replaced holder is heard no more, and spoken to no more.</summary>
    [Fact]
    public void Seat_SlotFilledAnew_ClosesTheEarlierHoldersMouthAndEars()
    {
        var late = _circle.OtherHolder.Book.SealToParty(
            _circle.Party.Id, SealedKind.Acknowledgement, Circle.FirstRound, default, PeerContents.ToBytes(new PeerMessage.Confirm()))!.Value.Frame.Sealed;

        _circle.Party.Book.Seat(_circle.Next, roundIsOpen: true);

        Assert.Contains("no channel", _circle.Party.Book.Open(_circle.OtherHolder.Id, late).Objection, StringComparison.Ordinal);
        Assert.Null(_circle.Party.Book.SealToHolder(Lost, SealedKind.Announcement, Circle.FirstRound, default, [1]));
        Assert.Null(_circle.Party.Book.HolderOf(Lost));
    }

    [Fact]
    public void Seat_OwnSlotFilledByAnother_ErasesTheParties()
    {
        var underWay = _circle.Party.Book.SealToHolder(Lost, SealedKind.Announcement, Circle.FirstRound, default, [])!.Value.Frame.Sealed;

        _circle.OtherHolder.Book.Seat(_circle.Next, roundIsOpen: true);

        Assert.True(_circle.OtherHolder.Book.KeyOf(_circle.Party.Id).IsEmpty);
        Assert.Contains("no channel", _circle.OtherHolder.Book.Open(_circle.Party.Id, underWay).Objection, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _circle.OtherHolder.Book.SeedOfParty(_circle.Party.Id, _spec, _circle.Leaders, _nonce));
    }

    /// <summary>A seat that stays is the same offer, also for a node that comes later.</summary>
    [Fact]
    public void Seat_OwnSlotKept_StillTakesAnswersToItsOffer()
    {
        using var late = new Peer("eve");
        _circle.Reorganise();
        late.Book.Seat(_circle.Next, roundIsOpen: false);

        Assert.Null(_circle.Holder.Book.Accept(late.Id, late.Book.Answer(_circle.Offers[0]).Answer!));
        Assert.False(_circle.Holder.Book.KeyOf(late.Id).IsEmpty);
    }

    [Fact]
    public void Answer_OfferOfAKeptSlot_NeverResetsItsChannel()
    {
        _circle.Reorganise();

        Assert.Contains("already", _circle.Party.Book.Answer(_circle.Offers[0]).Objection, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_OfferOfTheReplacedHolder_IsRefused()
    {
        _circle.Party.Book.Seat(_circle.Next, roundIsOpen: true);

        Assert.Contains("seat", _circle.Party.Book.Answer(_circle.Offers[1]).Objection, StringComparison.Ordinal);
    }

    /// <summary>The relay may be faster than the control stream: who has heard of the next leaders is understood by who has not yet.</summary>
    [Fact]
    public void Open_OfALaterTerm_OpensAndSaysWhichTerm()
    {
        _circle.Party.Book.Seat(_circle.Next, roundIsOpen: true);

        var opened = _circle.Holder.Book.Open(_circle.Party.Id, _circle.FromParty(SealedKind.Affirmation));

        Assert.Null(opened.Objection);
        Assert.Equal((new Term(3), SealedKind.Affirmation), (opened.Context!.Term, opened.Context.Kind));
    }

    [Theory]
    [InlineData(SealedKind.Digest)]
    [InlineData(SealedKind.Seed)]
    [InlineData(SealedKind.Affirmation)]
    [InlineData(SealedKind.Holdings)]
    public void Open_OfTheTermBefore_IsFencedOff(SealedKind kind)
    {
        var stale = _circle.FromParty(kind);
        _circle.Reorganise();

        Assert.Contains("term 2, which is over", _circle.Holder.Book.Open(_circle.Party.Id, stale).Objection, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SealedKind.Announcement)]
    [InlineData(SealedKind.VectorPiece)]
    public void Open_WhatBelongsToTheRound_SurvivesTheChangeOfTerm(SealedKind kind)
    {
        var before = _circle.FromParty(kind);
        _circle.Reorganise();

        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, before).Objection);
    }

    /// <summary>A channel's first messages may cross the change of another slot.</summary>
    [Fact]
    public void Open_FirstMessageOfAKeptChannel_OpensUnderTheNextLeaders()
    {
        var confirm = _circle.FromParty(SealedKind.Confirm);
        _circle.Reorganise();

        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, confirm).Objection);
        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, _circle.FromParty(SealedKind.Confirm)).Objection);
    }

    /// <summary>A party may answer the new holder before that one hears that every survivor has agreed to it.</summary>
    [Fact]
    public void Seat_OfferMadeBefore_KeepsTheAnswersThatCameSince()
    {
        var next = _circle.Next;
        var offer = _circle.NewHolder.Book.Offer(next, Lost, Circle.FirstRound);
        _circle.Party.Book.Seat(next, roundIsOpen: true);
        Assert.Null(_circle.NewHolder.Book.Accept(_circle.Party.Id, _circle.Party.Book.Answer(offer).Answer!));
        var seed = _circle.Party.Book.SealToHolder(Lost, SealedKind.Seed, Circle.FirstRound, default, [])!.Value.Frame.Sealed;

        _circle.NewHolder.Book.Seat(next, roundIsOpen: true);

        Assert.Null(_circle.NewHolder.Book.Open(_circle.Party.Id, seed).Objection);
    }

    /// <summary>A seed for one holder, delivered to another or named as another party's, stays closed.</summary>
    [Fact]
    public void Open_MisdirectedSeed_IsRefused()
    {
        _circle.Reorganise();
        byte[] content = SeedContents.ToBytes(_nonce, new byte[WireLimits.SeedBytes]);
        var seed = _circle.Party.Book.SealToHolder(Lost, SealedKind.Seed, Circle.FirstRound, default, content)!.Value.Frame.Sealed;

        Assert.NotNull(_circle.Holder.Book.Open(_circle.Party.Id, seed).Objection);
        Assert.NotNull(_circle.OtherHolder.Book.Open(_circle.Party.Id, seed).Objection);
        Assert.NotNull(_circle.NewHolder.Book.Open(_circle.Holder.Id, seed).Objection);
        Assert.Null(_circle.NewHolder.Book.Open(_circle.Party.Id, seed).Objection);
    }

    [Fact]
    public void Judge_OfferOfWhoDoesNotBelong_SaysWhy()
    {
        var offer = _circle.NewHolder.Book.Offer(_circle.Next, Lost, Circle.FirstRound);
        var roster = Roster.Parse($"node bob {Convert.ToBase64String(_circle.OtherHolder.Options.Key.PublicKey.Span)}");
        using var careful = new Peer("fay", new RosterTrust(roster));

        Assert.Contains("not in the roster", careful.Book.Judge(offer), StringComparison.Ordinal);
        Assert.Null(_circle.Holder.Book.Judge(offer));
        Assert.Contains("signature", _circle.Holder.Book.Judge(offer with { Signature = new byte[64] }), StringComparison.Ordinal);
        Assert.Contains("another run", _circle.Holder.Book.Judge(offer with { Offer = offer.Offer with { Run = new RunId(8) } }), StringComparison.Ordinal);
    }

    [Fact]
    public void Unsigned_AgreementsOfTheSlotsHolders_AreTaken() => Assert.Null(_circle.Party.Book.Unsigned([Agreed(Kept, _circle.Holder), Agreed(Lost, _circle.OtherHolder)]));

    /// <summary>A server alone cannot make a replacement: not with its own signatures, the new holder's, or a survivor's under something else.</summary>
    [Fact]
    public void Unsigned_AgreementThatIsNotItsHolders_IsNamed()
    {
        using var stranger = new Peer("eve");
        var own = Agreed(Kept, _circle.Holder);

        Assert.Equal(Kept, _circle.Party.Book.Unsigned([Agreed(Kept, stranger)]));
        Assert.Equal(Kept, _circle.Party.Book.Unsigned([Agreed(Lost, _circle.OtherHolder), Agreed(Kept, _circle.NewHolder)]));
        Assert.Equal(Lost, _circle.Party.Book.Unsigned([own with { Signer = Lost }]));
        Assert.Equal(Kept, _circle.Party.Book.Unsigned([own with { Replacement = own.Replacement with { Holder = stranger.Id } }]));
        Assert.Equal(Kept, _circle.Party.Book.Unsigned([own with { Signature = _circle.Holder.Sign(RoundDigest.Domain, own.Replacement.Statement()) }]));
        Assert.Equal(Kept, _circle.Party.Book.Unsigned([own with { Signature = default }]));
    }

    [Fact]
    public void Unsigned_AgreementOfASlotWithoutAChannel_IsNamed()
    {
        using var late = new Peer("eve");
        late.Book.Seat(_circle.Leaders, roundIsOpen: false);

        Assert.Equal(Kept, late.Book.Unsigned([Agreed(Kept, _circle.Holder)]));
        Assert.Equal(new Slot(7), _circle.Party.Book.Unsigned([Agreed(new Slot(7), _circle.Holder)]));
    }

    public void Dispose() => _circle.Dispose();

    private SignedReplacement Agreed(Slot signer, Peer holder)
    {
        var offer = new KeyOffer(Some.Run, new Term(3), Lost, _circle.NewHolder.Id, _circle.NewHolder.Options.Incarnation, Circle.FirstRound, new byte[65]);
        var replacement = Replacement.Of(Circle.FirstRound, _circle.Next, offer);
        return new SignedReplacement(signer, replacement, holder.Sign(Replacement.Domain, replacement.Statement()));
    }
}
