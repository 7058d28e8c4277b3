using DemoFl.Identity;
using DemoFl.Node.Sealing;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Sealing;

/// <summary>Who gets a channel with whom (DESIGN section 5): offers and answers before any key is made.</summary>
public sealed class AgreementTests : IDisposable
{
    private readonly Circle _circle = new();

    private SignedOffer Offer => _circle.Offers[0];

    [Fact]
    public void Answer_SignedByAnotherKey_IsRefused()
    {
        var forged = Offer with { Signature = _circle.OtherHolder.Sign(KeyOffer.Domain, Offer.Offer.Statement()) };

        Assert.Contains("signature", Refusal(forged), StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_SignedForAnotherPurpose_IsRefused()
    {
        var forged = Offer with { Signature = _circle.Holder.Sign(KeyAnswer.Domain, Offer.Offer.Statement()) };

        Assert.Contains("signature", Refusal(forged), StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_KeyReplacedUnderTheSignature_IsRefused()
    {
        var forged = Offer with { Offer = Offer.Offer with { PublicKey = _circle.Offers[1].Offer.PublicKey } };

        Assert.Contains("signature", Refusal(forged), StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_CredentialsOfAnotherNode_IsRefused()
    {
        var forged = Offer with { Signer = _circle.Offers[1].Signer, Signature = _circle.OtherHolder.Sign(KeyOffer.Domain, Offer.Offer.Statement()) };

        Assert.Contains("not the node it names", Refusal(forged), StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_KeyOffTheCurve_IsRefused()
    {
        var offer = Offer.Offer with { PublicKey = new byte[65] };

        Assert.Contains("curve", Refusal(Signed(offer, _circle.Holder)), StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_BySomebodyWithoutASeat_IsRefused()
    {
        using var stranger = new Peer("eve");
        var offer = Offer.Offer with { Holder = stranger.Id, Incarnation = stranger.Options.Incarnation };

        Assert.Contains("seat", Refusal(Signed(offer, stranger)), StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_ForAnotherSlotThanItsHolders_IsRefused() =>
        Assert.Contains("seat", Refusal(Signed(Offer.Offer with { Slot = new Slot(1) }, _circle.Holder)), StringComparison.Ordinal);

    [Fact]
    public void Answer_ByAnEarlierLifeOfTheHolder_IsRefused() =>
        Assert.Contains("seat", Refusal(Signed(Offer.Offer with { Incarnation = Some.Incarnation() }, _circle.Holder)), StringComparison.Ordinal);

    [Fact]
    public void Answer_OfAnotherRun_IsRefused() =>
        Assert.Contains("seat", Refusal(Signed(Offer.Offer with { Run = new RunId(8) }, _circle.Holder)), StringComparison.Ordinal);

    [Fact]
    public void Answer_OfAnEarlierTerm_IsRefused()
    {
        var stale = Offer;
        _circle.Begin(_circle.Seat(new Term(3)));

        Assert.Contains("seat", Refusal(stale), StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_HolderNotOnTheRoster_IsRefusedWithTheRostersReason()
    {
        var roster = Roster.Parse($"node bob {Convert.ToBase64String(_circle.OtherHolder.Options.Key.PublicKey.Span)}");
        using var careful = new Peer("fay", new RosterTrust(roster));
        careful.Book.Seat(_circle.Leaders, roundIsOpen: false);

        var (answer, objection) = careful.Book.Answer(Offer);

        Assert.Null(answer);
        Assert.Contains("not in the roster", objection, StringComparison.Ordinal);
        Assert.NotNull(careful.Book.Answer(_circle.Offers[1]).Answer);
    }

    [Fact]
    public void Answer_ReplayedOffer_NeverResetsTheChannel()
    {
        _circle.Agree();
        var before = _circle.FromParty(SealedKind.Announcement);

        Assert.Contains("already", Refusal(Offer), StringComparison.Ordinal);

        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, before).Objection);
        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, _circle.FromParty(SealedKind.Announcement)).Objection);
    }

    [Fact]
    public void Accept_ForgedSignature_IsRefused()
    {
        var answer = Answered();
        var forged = answer with { Signature = _circle.OtherHolder.Sign(KeyAnswer.Domain, answer.Answer.Statement()) };

        Assert.Contains("signature", _circle.Holder.Book.Accept(_circle.Party.Id, forged), StringComparison.Ordinal);
        Assert.Null(_circle.Holder.Book.Accept(_circle.Party.Id, answer));
    }

    [Fact]
    public void Accept_FromAnotherNodeThanItNames_IsRefused() =>
        Assert.Contains("another node's", _circle.Holder.Book.Accept(_circle.OtherHolder.Id, Answered()), StringComparison.Ordinal);

    [Fact]
    public void Accept_ToAnotherHoldersOffer_IsRefused() =>
        Assert.Contains("another offer", _circle.OtherHolder.Book.Accept(_circle.Party.Id, Answered()), StringComparison.Ordinal);

    [Fact]
    public void Accept_ToTheOfferOfAnEarlierTerm_IsRefused()
    {
        var stale = Answered();
        _circle.Begin(_circle.Seat(new Term(3)));

        Assert.Contains("another offer", _circle.Holder.Book.Accept(_circle.Party.Id, stale), StringComparison.Ordinal);
    }

    [Fact]
    public void Accept_PartyThatTheHolderDoesNotTrust_IsRefused()
    {
        using var stranger = new Peer("cyd");
        stranger.Book.Seat(_circle.Leaders, roundIsOpen: false);
        Assert.Null(_circle.Holder.Book.Accept(_circle.Party.Id, Answered()));

        // First use pinned the name: another key under it is somebody else.
        Assert.Contains("seen first", _circle.Holder.Book.Accept(stranger.Id, stranger.Book.Answer(Offer).Answer!), StringComparison.Ordinal);
    }

    /// <summary>A seat may last for thousands of rounds, and others join in them.</summary>
    [Fact]
    public void Accept_MoreAnswersOfOnePartyThanTheLimit_AreRefusedAndAnothersAreNot()
    {
        for (int i = 0; i < PartyChannels.MaxAnswersOfOne; i++)
        {
            Assert.Null(_circle.Holder.Book.Accept(_circle.Party.Id, Fresh(_circle.Party)));
        }

        Assert.Contains("more than", _circle.Holder.Book.Accept(_circle.Party.Id, Fresh(_circle.Party)), StringComparison.Ordinal);
        Assert.Null(_circle.Holder.Book.Accept(_circle.NewHolder.Id, Fresh(_circle.NewHolder)));
    }

    [Fact]
    public void Accept_ReplayedAnswer_NeverResetsTheChannel()
    {
        var answer = Answered();
        Assert.Null(_circle.Holder.Book.Accept(_circle.Party.Id, answer));
        var before = _circle.FromParty(SealedKind.Announcement);

        Assert.Contains("taken already", _circle.Holder.Book.Accept(_circle.Party.Id, answer), StringComparison.Ordinal);

        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, before).Objection);
    }

    /// <summary>A party that joins again has new keys; what its old life sealed is void, and a replay of its old answer stays void too.</summary>
    [Fact]
    public void Accept_FreshAnswerOfTheSameParty_OpensAFreshChannel()
    {
        var first = Answered();
        Assert.Null(_circle.Holder.Book.Accept(_circle.Party.Id, first));
        var before = _circle.FromParty(SealedKind.Announcement);
        using var again = new ChannelBook(_circle.Party.Options, Some.Run, TimeProvider.System);
        again.Seat(_circle.Leaders, roundIsOpen: false);

        Assert.Null(_circle.Holder.Book.Accept(_circle.Party.Id, again.Answer(Offer).Answer!));

        Assert.NotNull(_circle.Holder.Book.Open(_circle.Party.Id, before).Objection);
        Assert.Contains("taken already", _circle.Holder.Book.Accept(_circle.Party.Id, first), StringComparison.Ordinal);
        byte[] content = Wire.PeerContents.ToBytes(new PeerMessage.Confirm());
        var (_, frame) = again.SealToHolder(new Slot(0), SealedKind.Announcement, Circle.FirstRound, default, content)!.Value;
        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, frame.Sealed).Objection);
    }

    public void Dispose() => _circle.Dispose();

    private static SignedOffer Signed(KeyOffer offer, Peer signer) => new(
        offer, new Credentials(signer.Options.Name, signer.Options.Key.PublicKey, default), signer.Sign(KeyOffer.Domain, offer.Statement()));

    private SignedAnswer Answered() => _circle.Party.Book.Answer(Offer).Answer!;

    private string? Refusal(SignedOffer offer)
    {
        var (answer, objection) = _circle.Party.Book.Answer(offer);
        Assert.Null(answer);
        return objection;
    }

    /// <summary>What a party that joins again answers.</summary>
    private SignedAnswer Fresh(Peer party)
    {
        using var key = Channels.AgreementKey.Create();
        var answer = new KeyAnswer(Hash256.Of(Offer.Offer.Statement()), party.Id, party.Options.Incarnation, key.PublicKey);
        var signer = new Credentials(party.Options.Name, party.Options.Key.PublicKey, default);
        return new SignedAnswer(answer, signer, party.Sign(KeyAnswer.Domain, answer.Statement()));
    }
}
