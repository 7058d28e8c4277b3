namespace DemoFl.Protocol.Tests.Node;

/// <summary>SOFL: the leaders exchange B_j among themselves, and each finds B by itself (DESIGN section 7, step 5).</summary>
public class LeadersIntersectTests
{
    private static readonly int[] All = [1, 2, 3, 4];
    private readonly LeaderUnderTest _leader = new LeaderUnderTest().Announced(1, 2, 3, 4);

    [Fact]
    public void Asked_ByLeaders_SharesItsHoldingsWithEveryOtherLeaderAndTellsNobodyElse()
    {
        var effects = _leader.AskLeaders(1, 0, 1, 2, 3, 4);
        Assert.Equal([1, 2], effects.SlotsTold<PeerMessage.HoldingsShare>());
        Assert.All(effects, e =>
        {
            var share = Assert.IsType<PeerMessage.HoldingsShare>(Assert.IsType<NodeEffect.ToHolder>(e).Message);
            Assert.Equal((Attempt.First, Some.Parties(0, 1, 2, 3, 4).Digest), (share.Attempt, share.Uploaded));
            Assert.Equal(All.Select(Some.Node).ToHashSet(), share.Holdings.ToHashSet());
        });
    }

    [Fact]
    public void Shared_ByAll_ReportsAndSignsWhatAllHold()
    {
        _leader.AskLeaders(1, All);
        Assert.Empty(_leader.ShareHoldings(1, 1, All, 1, 2, 3));
        var effects = _leader.ShareHoldings(2, 1, All, 1, 2, 3, 4);
        Assert.Equal(Some.Parties(1, 2, 3).Contributions.Select(c => c.Party), effects.Tells<NodeMessage.HoldingsReported>().Holdings);
        Assert.Equal(_leader.Digest(1, 1, 2, 3), Assert.Single(effects.OfType<NodeEffect.SignDigest>()).Digest);
    }

    [Fact]
    public void Shared_BeforeThisLeaderIsAsked_IsKept()
    {
        Assert.Empty(_leader.ShareHoldings(1, 1, All, 1, 2, 3));
        Assert.Empty(_leader.ShareHoldings(2, 1, All, 1, 2, 3));
        Assert.Single(_leader.AskLeaders(1, All).OfType<NodeEffect.SignDigest>());
    }

    /// <summary>A server that tells leaders of different uploads gets no sum.</summary>
    [Fact]
    public void Shared_WithinAnotherB0_IsRefused()
    {
        _leader.AskLeaders(1, All);
        _leader.ShareHoldings(1, 1, All, 1, 2, 3);
        var effects = _leader.ShareHoldings(2, 1, [1, 2, 3], 1, 2, 3);
        Assert.Contains("different sets", effects.Tells<NodeMessage.LeaderRefused>().Reason, StringComparison.Ordinal);
        Assert.Empty(effects.OfType<NodeEffect.SignDigest>());
    }

    [Fact]
    public void Shared_ByNoLeaderOrASecondTimeOrForAnotherAttempt_DoesNotCount()
    {
        _leader.AskLeaders(1, All);
        _leader.ShareHoldings(1, 1, All, 1, 2, 3, 4);
        Assert.Empty(_leader.ShareHoldings(4, 1, All, 1, 2, 3));
        Assert.Empty(_leader.ShareHoldings(1, 1, All, 1, 2, 3));
        Assert.Empty(_leader.ShareHoldings(2, 2, All, 1, 2, 3));
        Assert.Empty(_leader.ShareHoldings(2, 9, All, 1, 2, 3));
        Assert.Equal(_leader.Digest(1, All), Assert.Single(_leader.ShareHoldings(2, 1, All, All).OfType<NodeEffect.SignDigest>()).Digest);
    }

    [Fact]
    public void Shared_NamesWhoHasNotUploaded_AddsNobody()
    {
        _leader.AskLeaders(1, 1, 2, 3);
        _leader.ShareHoldings(1, 1, [1, 2, 3], 1, 2, 3, 4);
        var effects = _leader.ShareHoldings(2, 1, [1, 2, 3], 0, 1, 2, 3, 4);
        Assert.Equal(_leader.Digest(1, 1, 2, 3), Assert.Single(effects.OfType<NodeEffect.SignDigest>()).Digest);
    }

    /// <summary>Nobody's fault: the coordinator sees it in the reports and ends the round.</summary>
    [Fact]
    public void Shared_FewerThanKMinInCommon_IsReportedAndNotSigned()
    {
        _leader.AskLeaders(1, All);
        _leader.ShareHoldings(1, 1, All, 1, 2);
        var effects = _leader.ShareHoldings(2, 1, All, All);
        Assert.Equal(2, effects.Tells<NodeMessage.HoldingsReported>().Holdings.Length);
        Assert.Empty(effects.OfType<NodeEffect.SignDigest>());
    }

    [Fact]
    public void Proposed_WhereLeadersIntersect_IsIgnored()
    {
        _leader.AskLeaders(1, All);
        Assert.Empty(_leader.Propose(1, 1, 2, 3));
    }

    [Fact]
    public void Agreed_WithTheOthersDigests_Releases()
    {
        IntersectAndSign(1);
        _leader.Share(1, _leader.Digest(1, All));
        _leader.Share(2, _leader.Digest(1, All)).Tells<NodeMessage.DigestsReported>();
        Assert.Single(_leader.AskRelease(1).OfType<NodeEffect.ReleaseSum>());
    }

    [Fact]
    public void Replaced_SharesOfTheEarlierAttempt_AreVoidAndTheNewHoldersCount()
    {
        _leader.AskLeaders(1, All);
        _leader.ShareHoldings(1, 1, All, All);
        _leader.Reorganise();
        _leader.Affirm(All);
        Assert.Empty(_leader.ShareHoldings(2, 1, All, All));
        Assert.Equal([1, 2], _leader.AskLeaders(2, All).SlotsTold<PeerMessage.HoldingsShare>());
        _leader.ShareHoldings(2, 2, All, All);
        Assert.Empty(_leader.ShareHoldings(1, 2, All, All));
        Assert.Equal(_leader.Digest(2, All), Assert.Single(_leader.ShareHoldings(3, 2, All, All).OfType<NodeEffect.SignDigest>()).Digest);
    }

    /// <summary>Its control stream may be the slowest: the others, and the new holder, then share before it has heard of the replacement.</summary>
    [Fact]
    public void Shared_ForTheNextAttemptBeforeTheReplacementIsKnown_IsKept()
    {
        _leader.AskLeaders(1, All);
        _leader.AskReplacement();
        _leader.SignReplacement();
        Assert.Empty(_leader.ShareHoldings(2, 2, All, All));
        Assert.Empty(_leader.ShareHoldings(3, 2, All, All));
        _leader.Replace();
        _leader.Affirm(All);
        Assert.Equal(_leader.Digest(2, All), Assert.Single(_leader.AskLeaders(2, All).OfType<NodeEffect.SignDigest>()).Digest);
    }

    [Fact]
    public void Shared_ForTheNextAttemptByTheLostHolder_DoesNotCountForTheNewOne()
    {
        _leader.AskLeaders(1, All);
        _leader.ShareHoldings(1, 2, All, All);
        _leader.Reorganise();
        _leader.Affirm(All);
        _leader.ShareHoldings(2, 2, All, All);
        Assert.Empty(_leader.AskLeaders(2, All).OfType<NodeEffect.SignDigest>());
        Assert.Single(_leader.ShareHoldings(3, 2, All, All).OfType<NodeEffect.SignDigest>());
    }

    [Fact]
    public void HasAgreedToAReplacement_LastShareComesIn_SignsNothing()
    {
        _leader.AskLeaders(1, All);
        _leader.ShareHoldings(1, 1, All, All);
        _leader.AskReplacement();
        Assert.Empty(_leader.ShareHoldings(2, 1, All, All));
    }

    private void IntersectAndSign(int attempt)
    {
        _leader.AskLeaders(attempt, All);
        _leader.ShareHoldings(1, attempt, All, All);
        _leader.ShareHoldings(2, attempt, All, All);
        _leader.Sign(attempt, All);
    }
}
