using System.Collections.Immutable;

namespace DemoFl.Protocol.Tests.Node;

/// <summary>
/// What a party does not take for a replacement, whoever says so: a server that declares leaders dead one after another must gather nobody's seeds
/// (DESIGN section 7; promises P3 and P4).
/// </summary>
public class ReplacementRefusalTests
{
    private static readonly LeaderSet Before = PartyUnderTest.Before;
    private static readonly LeaderSet Next = PartyUnderTest.Next;
    private readonly PartyUnderTest _party = new PartyUnderTest().Submitted();

    public static TheoryData<string, Func<Replacement, Replacement>> OtherAgreements => new()
    {
        { "run", r => r with { Run = new RunId(9) } },
        { "round", r => r with { Round = r.Round.Next } },
        { "term", r => r with { Term = r.Term.Next } },
        { "slot", r => r with { Slot = new Slot(0) } },
        { "holder", r => r with { Holder = Some.Node(9) } },
        { "life", r => r with { Incarnation = Some.Incarnation(9) } },
        { "key", r => r with { Offer = Some.Hash("another key") } },
        { "set", r => r with { Leaders = Before.Digest } },
    };

    [Theory]
    [MemberData(nameof(OtherAgreements))]
    public void Replaced_ASurvivorAgreedToAnother_IsRefused(string other, Func<Replacement, Replacement> alter)
    {
        var replaced = PartyUnderTest.Replacement;
        var altered = replaced.Agreements[1] with { Replacement = alter(replaced.Agreements[1].Replacement) };
        AssertRefused(replaced with { Agreements = replaced.Agreements.SetItem(1, altered) }, "not every surviving leader", $"another {other} was taken");
    }

    public static TheoryData<string, int[]> Signers => new()
    {
        { "nobody", [] }, { "one survivor", [0] }, { "the other survivor", [2] }, { "one survivor twice", [0, 0] }, { "the lost one for the other", [0, 1] },
    };

    [Theory]
    [MemberData(nameof(Signers))]
    public void Replaced_NotAgreedToByEverySurvivor_IsRefused(string who, int[] signers)
    {
        var replaced = PartyUnderTest.Replacement;
        ImmutableArray<SignedReplacement> agreements = [.. signers.Select(s => replaced.Agreements[0] with { Signer = new Slot(s) })];
        AssertRefused(replaced with { Agreements = agreements }, "not every surviving leader", $"the word of {who} was enough");
    }

    public static TheoryData<string, Func<KeyOffer, KeyOffer>> OtherOffers => new()
    {
        { "run", o => o with { Run = new RunId(9) } },
        { "term", o => o with { Term = Before.Term } },
        { "slot", o => o with { Slot = new Slot(2) } },
        { "holder", o => o with { Holder = Some.Node(9) } },
        { "incarnation", o => o with { Incarnation = Some.Incarnation(9) } },
        { "first round", o => o with { FirstRound = o.FirstRound.Next } },
    };

    [Theory]
    [MemberData(nameof(OtherOffers))]
    public void Replaced_OfferIsNotTheNewHolders_IsRefused(string field, Func<KeyOffer, KeyOffer> forge)
    {
        // The survivors agree to the forgery: the party looks for itself.
        var replaced = PartyUnderTest.Replacement;
        var forged = replaced.Offer with { Offer = forge(replaced.Offer.Offer) };
        var agreed = Replacement.Of(new Round(1), Next, forged.Offer);
        ImmutableArray<SignedReplacement> agreements = [.. replaced.Agreements.Select(a => a with { Replacement = agreed })];
        AssertRefused(replaced with { Offer = forged, Agreements = agreements }, "not the new holder's", $"an offer with another {field} was taken");
    }

    /// <summary>With nobody left to agree, the coordinator's word alone would do.</summary>
    [Fact]
    public void Replaced_TheOnlyLeader_IsRefused()
    {
        var only = Some.LeadersOf(1);
        var party = new NodeUnderTest(new NodePolicy(MinLeaders: 1));
        party.OpenRound(Some.Spec(), only);
        party.Step(new NodeInput.UpdatePrepared(new Round(1), Some.Nonce(7)));
        var effects = party.Hear(Some.Replacement(only, Some.Replaced(only, 0, 4)));
        Assert.Contains("no leader is left", effects.Tells<NodeMessage.Declined>().Reason, StringComparison.Ordinal);
        Assert.Empty(effects.OfType<NodeEffect.Reseal>());
    }

    [Fact]
    public void Replaced_TwoSlotsChanged_IsRefused()
    {
        var two = Some.Replaced(Some.Replaced(Before, 0, 9), 1, 4);
        AssertRefused(PartyUnderTest.Replacement with { Leaders = two }, "does not fill one lost slot");
    }

    [Fact]
    public void Replaced_OneSlotMore_IsRefused()
    {
        var more = new LeaderSet(Some.Run, new Term(2), Next.Seats.Add(new Seat(new Slot(3), Some.Node(9), Some.Incarnation(9), new Term(2))));
        AssertRefused(PartyUnderTest.Replacement with { Leaders = more }, "does not fill one lost slot");
    }

    [Fact]
    public void Replaced_NewSeatDatedBack_IsRefused()
    {
        var old = new LeaderSet(Some.Run, new Term(2), Before.Seats.SetItem(1, new Seat(new Slot(1), Some.Node(4), Some.Incarnation(4), new Term(1))));
        AssertRefused(PartyUnderTest.Replacement with { Leaders = old }, "does not fill one lost slot");
    }

    [Fact]
    public void Replaced_ASecondTimeInTheRound_IsRefused()
    {
        _party.Replace();
        AssertRefused(Some.Replacement(Next, Some.Replaced(Next, 0, 9, term: 3)), "already", seated: Next);
    }

    [Fact]
    public void Replaced_NoHigherTermOrAnotherRun_IsIgnored()
    {
        Assert.Empty(_party.Replace(PartyUnderTest.Replacement with { Leaders = Before }));
        Assert.Empty(_party.Replace(PartyUnderTest.Replacement with { Leaders = new LeaderSet(new RunId(9), Next.Term, Next.Seats) }));
        Assert.NotEmpty(_party.Replace());
    }

    [Fact]
    public void Replaced_TermBelowAnElectionHeardOf_IsIgnored()
    {
        _party.Node.Hear(new ServerMessage.ElectionOpened(new Term(3), TimeSpan.Zero, 1));
        Assert.Empty(_party.Replace());
    }

    /// <summary>The party says so, gives nobody anything, stays with the leaders it has, and does nothing more in this round.</summary>
    private void AssertRefused(ServerMessage.Replaced replaced, string reason, string? message = null, LeaderSet? seated = null)
    {
        var effects = _party.Replace(replaced);
        Assert.True(effects.TrueForAll(e => e is NodeEffect.Tell or NodeEffect.Report), message);
        Assert.Contains(reason, effects.Tells<NodeMessage.Declined>().Reason, StringComparison.Ordinal);
        Assert.Equal((seated ?? Before).Digest, _party.Node.Machine.Leaders!.Digest);
        Assert.Empty(_party.Acknowledge(0, 1, 2));
        Assert.Empty(_party.Receipt(0, 1, 2));
    }
}
