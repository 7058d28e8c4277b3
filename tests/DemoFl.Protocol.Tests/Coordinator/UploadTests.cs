namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>Who is selected, and when uploads end (DESIGN section 7, steps 4 and 5).</summary>
public class UploadTests
{
    private readonly CoordinatorUnderTest _coordinator = new(Some.Rules());

    [Theory]
    [InlineData(10, 1.0, 3, 10)]
    [InlineData(10, 0.5, 3, 5)]
    [InlineData(10, 0.41, 3, 5)]
    [InlineData(10, 0.1, 3, 3)]
    [InlineData(4, 0.5, 4, 4)]
    public void RoundOpened_Fraction_SelectsItsCeilingAndAtLeastKMin(int nodes, double fraction, int kMin, int expected)
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(fraction: fraction, kMin: kMin, minimumNodes: nodes));
        coordinator.ToUploading(nodes);
        Assert.Equal(expected, coordinator.Spec.Participants.Length);
        Assert.Equal(coordinator.Spec.Participants.OrderBy(p => p.Value).Distinct(), coordinator.Spec.Participants);
    }

    [Fact]
    public void RoundOpened_SameSeedAndRound_SelectsTheSamePartiesWhoeverCameFirst()
    {
        var forwards = new CoordinatorUnderTest(Some.Rules(fraction: 0.5, minimumNodes: 10));
        forwards.ToUploading(10);
        var backwards = new CoordinatorUnderTest(Some.Rules(fraction: 0.5, minimumNodes: 10), entropy: 99);
        foreach (int node in Enumerable.Range(0, 10).Reverse())
        {
            backwards.Arrive(node);
        }

        backwards.Recommend(5);
        backwards.Recommend(6);
        foreach (int node in Enumerable.Range(0, 10).Reverse())
        {
            backwards.Keyed(node);
        }

        Assert.Equal(forwards.Spec.Participants.AsEnumerable(), backwards.Spec.Participants);
    }

    [Fact]
    public void RoundOpened_AfterProgress_TakesTheNextNumber()
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(), new CoordinatorProgress(new Term(4), new Round(9), 1, Some.Hash("m"), 0.125));
        coordinator.ToUploading();
        Assert.Equal((new Round(10), Some.Hash("m"), 0.125), (coordinator.Spec.Round, coordinator.Spec.ModelHash, coordinator.Spec.Encoding.Clip));
    }

    [Fact]
    public void Uploaded_ByAll_AsksEveryLeaderAtOnce()
    {
        var asked = _coordinator.ToIntersecting().Messages<ServerMessage.HoldingsAsked>().ToArray();
        Assert.Equal(2, asked.Length);
        Assert.Equal(Some.Parties(0, 1, 2, 3).Digest, asked[0].Uploaded.Digest);
    }

    [Fact]
    public void Uploaded_TwiceByAParty_KeepsTheFirst()
    {
        _coordinator.ToUploading();
        _coordinator.Upload(0);
        _coordinator.Upload(0, nonce: 99);
        Array.ForEach([1, 2], i => _coordinator.Upload(i));
        Assert.Equal(Some.Parties(0, 1, 2, 3).Digest, _coordinator.Upload(3).Messages<ServerMessage.HoldingsAsked>().First().Uploaded.Digest);
    }

    [Fact]
    public void Uploaded_ByNobodySelectedOrForAnotherRound_DoesNotCount()
    {
        _coordinator.ToUploading();
        Assert.Empty(_coordinator.Upload(9));
        Array.ForEach([0, 1, 2], i => _coordinator.Upload(i));
        Assert.Empty(_coordinator.Upload(3, round: new Round(7)));
    }

    [Fact]
    public void UploadDeadline_EnoughUploaded_GoesOnWithThose()
    {
        _coordinator.ToUploading();
        Array.ForEach([0, 1, 3], i => _coordinator.Upload(i));
        Assert.Equal(Some.Parties(0, 1, 3).Digest, _coordinator.PassDeadline().Messages<ServerMessage.HoldingsAsked>().First().Uploaded.Digest);
        Assert.Empty(_coordinator.Upload(2));
    }

    [Fact]
    public void UploadDeadline_FewerThanKMin_AbortsAndElectsAgain()
    {
        _coordinator.ToUploading();
        Array.ForEach([0, 1], i => _coordinator.Upload(i));
        var effects = _coordinator.PassDeadline();
        Assert.Contains("k_min", effects.Says<ServerMessage.RoundAborted>().Reason, StringComparison.Ordinal);

        // Too few vectors may be the parties' fault, or that of a leader which acknowledges nobody.
        Assert.Equal(new Term(2), effects.Says<ServerMessage.ElectionOpened>().Term);
    }

    [Fact]
    public void Declined_TheRestUploaded_DoesNotWaitForTheDeadline()
    {
        _coordinator.ToUploading();
        Array.ForEach([0, 1, 2], i => _coordinator.Upload(i));
        Assert.NotEmpty(_coordinator.Say(3, new NodeMessage.Declined(_coordinator.Spec.Round, "busy")).Messages<ServerMessage.HoldingsAsked>());
    }

    [Fact]
    public void Departed_TheRestUploaded_DoesNotWaitForTheDeadline()
    {
        _coordinator.ToUploading();
        Array.ForEach([0, 1, 2], i => _coordinator.Upload(i));
        Assert.NotEmpty(_coordinator.Depart(3).Messages<ServerMessage.HoldingsAsked>());
    }

    [Fact]
    public void Departed_AfterUploading_StaysIn()
    {
        _coordinator.ToUploading();
        _coordinator.Upload(3);
        _coordinator.Depart(3);
        Array.ForEach([0, 1], i => _coordinator.Upload(i));
        Assert.Equal(Some.Parties(0, 1, 2, 3).Digest, _coordinator.Upload(2).Messages<ServerMessage.HoldingsAsked>().First().Uploaded.Digest);
    }

    [Fact]
    public void Delivered_RotatingLayout_CountsByItsPartysWordAndNotByAVector()
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(layout: Layout.Rotating));
        coordinator.ToUploading();
        Assert.Empty(coordinator.Upload(0));
        Array.ForEach([0, 1, 2], Deliver);
        Assert.True(coordinator.Upload(3).Silent<ServerMessage.HoldingsAsked>());
        Assert.NotEmpty(coordinator.Say(3, Delivered(3)).Messages<ServerMessage.HoldingsAsked>());

        void Deliver(int party) => coordinator.Say(party, Delivered(party));
        NodeMessage Delivered(int party) => new NodeMessage.VectorDelivered(coordinator.Spec.Round, Some.Nonce(party).Hash);
    }

    [Fact]
    public void Uploaded_PlainLayout_GoesStraightToTheCommit()
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(layout: Layout.Plain));
        Assert.Equal(new Round(1), coordinator.ArriveAll(4).Says<ServerMessage.RoundOpened>().Spec.Round);
        Array.ForEach([0, 1, 2], i => coordinator.Upload(i));
        Assert.Single(coordinator.Upload(3).OfType<CoordinatorEffect.PrepareClosing>());
        Assert.Single(coordinator.ClosingPrepared().OfType<CoordinatorEffect.CommitRound>());
        Assert.Equal(default, coordinator.Machine.Term);
    }
}
