namespace DemoFl.Protocol.Tests.Node;

/// <summary>
/// After a slot was filled anew a leader counts only on parties that announced under, or affirmed, its own set: told of different replacements, nobody
/// makes a sum together (DESIGN section 7).
/// </summary>
public class AffirmationTests
{
    private readonly LeaderUnderTest _leader = new LeaderUnderTest().Announced(1, 2, 3);

    [Fact]
    public void Affirmed_OwnSet_IsReceipted()
    {
        _leader.Reorganise();
        Assert.Equal(new PeerMessage.AffirmationReceipt(new Round(1), new Term(2)), _leader.Affirm(1).Sends<PeerMessage.AffirmationReceipt>());
        _leader.Affirm(1).Sends<PeerMessage.AffirmationReceipt>();
    }

    [Fact]
    public void Asked_AfterAReplacement_ReportsOnlyWhoAffirmed()
    {
        _leader.Reorganise();
        _leader.Affirm(1, 3);
        Assert.Equal(Sorted(1, 3), _leader.Ask(2, 1, 2, 3).Tells<NodeMessage.HoldingsReported>().Holdings.AsEnumerable());
    }

    [Fact]
    public void Proposed_PartyThatDidNotAffirm_IsRefused()
    {
        _leader.Announce(4);
        _leader.Reorganise();
        _leader.Affirm(1, 3, 4);
        _leader.Ask(2, 1, 2, 3, 4);
        _leader.Propose(2, 1, 2, 3, 4).Tells<NodeMessage.LeaderRefused>();
    }

    [Fact]
    public void Affirmed_AnotherSetOrAnEarlierTermOrByNoParty_DoesNotCount()
    {
        _leader.Reorganise();
        var other = Some.Replaced(LeaderUnderTest.Leaders, 1, holder: 4);
        Assert.Empty(Affirm(1, new PeerMessage.Affirmation(new Round(1), other.Term, other.Digest)));
        Assert.Empty(Affirm(2, new PeerMessage.Affirmation(new Round(1), new Term(1), LeaderUnderTest.Leaders.Digest)));
        Assert.Empty(Affirm(3, new PeerMessage.Affirmation(new Round(2), new Term(2), LeaderUnderTest.Next.Digest)));
        Assert.Empty(_leader.Affirm(17));
        Assert.Empty(_leader.Ask(2, 1, 2, 3).Tells<NodeMessage.HoldingsReported>().Holdings);
    }

    /// <summary>It was told of two replacements: neither of its words counts then.</summary>
    [Fact]
    public void Affirmed_OwnSetAndThenAnother_DoesNotCountAnyMore()
    {
        _leader.Reorganise();
        _leader.Affirm(1, 2, 3);
        var other = Some.Replaced(LeaderUnderTest.Leaders, 1, holder: 4, term: 3);
        Assert.Empty(Affirm(1, new PeerMessage.Affirmation(new Round(1), other.Term, other.Digest)));
        Assert.Equal(Sorted(2, 3), _leader.Ask(2, 1, 2, 3).Tells<NodeMessage.HoldingsReported>().Holdings.AsEnumerable());
    }

    [Fact]
    public void Affirmed_BeforeTheLeaderKnowsOfTheNewSet_IsKeptAndReceiptedThen()
    {
        Assert.Empty(_leader.Affirm(3, 1));
        var receipts = _leader.Reorganise().OfType<NodeEffect.ToParty>().Where(t => t.Message is PeerMessage.AffirmationReceipt).ToArray();
        Assert.Equal(Sorted(1, 3), receipts.Select(r => r.Party));
        Assert.Equal(Sorted(1, 3), _leader.Ask(2, 1, 2, 3).Tells<NodeMessage.HoldingsReported>().Holdings.AsEnumerable());
    }

    [Fact]
    public void Affirmed_ButNeverAnnounced_CountsForNothing()
    {
        _leader.Reorganise();
        _leader.Affirm(1, 4);
        Assert.Equal(Sorted(1), _leader.Ask(2, 1, 4).Tells<NodeMessage.HoldingsReported>().Holdings.AsEnumerable());
    }

    /// <summary>An announcement belongs to the round and survives its changes of term (consistency C6).</summary>
    [Fact]
    public void Announced_UnderTheEarlierSetAfterwards_IsHeldUnderItAndCountsOnceAffirmed()
    {
        _leader.Reorganise();
        var effects = _leader.Announce(4);
        Assert.Equal(LeaderUnderTest.Leaders.Digest, Assert.Single(effects.OfType<NodeEffect.HoldMask>()).Leaders.Digest);
        effects.Sends<PeerMessage.Acknowledgement>();
        Assert.Empty(_leader.Ask(2, 4).Tells<NodeMessage.HoldingsReported>().Holdings);
        _leader.Affirm(4);
        Assert.Equal(Sorted(4), _leader.Ask(3, 4).Tells<NodeMessage.HoldingsReported>().Holdings.AsEnumerable());
    }

    [Fact]
    public void Announced_UnderTheNewSet_CountsByItself()
    {
        _leader.Reorganise();
        var effects = _leader.Step(new NodeInput.FromParty(
            Some.Node(4), Some.Announcement(1, Some.Nonce(4), _leader.Spec, LeaderUnderTest.Next)));
        Assert.Equal(LeaderUnderTest.Next.Digest, Assert.Single(effects.OfType<NodeEffect.HoldMask>()).Leaders.Digest);
        Assert.Equal(Sorted(4), _leader.Ask(2, 4).Tells<NodeMessage.HoldingsReported>().Holdings.AsEnumerable());
    }

    [Fact]
    public void Announced_UnderASetThatNeverCame_IsIgnored()
    {
        Assert.Empty(AnnounceUnder(LeaderUnderTest.Next));
        _leader.Reorganise();
        Assert.Empty(AnnounceUnder(Some.Replaced(LeaderUnderTest.Leaders, 1, holder: 4)));
        Assert.NotEmpty(AnnounceUnder(LeaderUnderTest.Next));
    }

    private List<NodeEffect> AnnounceUnder(LeaderSet leaders) =>
        _leader.Step(new NodeInput.FromParty(Some.Node(4), Some.Announcement(1, Some.Nonce(4), _leader.Spec, leaders)));

    private List<NodeEffect> Affirm(int party, PeerMessage.Affirmation affirmation) => _leader.Step(new NodeInput.FromParty(Some.Node(party), affirmation));

    private static IEnumerable<NodeId> Sorted(params int[] nodes) => nodes.Select(Some.Node).OrderBy(n => n.Value);
}
