namespace DemoFl.Protocol.Tests.Node;

/// <summary>What a leader keeps of a closing round over a lost connection, and what it may do with it: the same release, nothing else (promise P5).</summary>
public class AgreedSumTests
{
    private readonly LeaderUnderTest _leader = new();

    [Fact]
    public void Memory_BeforeAllLeadersHaveSigned_HoldsNoSum()
    {
        _leader.Announced(1, 2, 3).Ask(1, 1, 2, 3);
        _leader.Propose(1, 1, 2, 3);
        _leader.Sign(1, 1, 2, 3);
        _leader.Share(1, _leader.Digest(1, 1, 2, 3));
        Assert.Null(_leader.Memory.Agreed);
    }

    [Fact]
    public void Memory_WhenDigestsDiffer_HoldsNoSum()
    {
        _leader.Announced(1, 2, 3, 4).Ask(1, 1, 2, 3, 4);
        _leader.Propose(1, 1, 2, 3);
        _leader.Sign(1, 1, 2, 3);
        _leader.Share(1, _leader.Digest(1, 1, 2, 3));
        _leader.Share(2, _leader.Digest(1, 1, 2, 4));
        Assert.Null(_leader.Memory.Agreed);
    }

    /// <summary>Its agreement to a replacement voids the attempt, over connections, too.</summary>
    [Fact]
    public void Memory_AfterAgreeingToAReplacement_HoldsNoSum()
    {
        Agreed();
        Assert.NotNull(_leader.Memory.Agreed);
        _leader.AskReplacement();
        Assert.Null(_leader.Memory.Agreed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Asked_ForTheAgreedAttemptOnAnotherConnection_ReleasesTheSame(bool releasedBefore)
    {
        Agreed();
        var first = releasedBefore ? Released(_leader.AskRelease(1)) : _leader.Memory.Agreed!;
        var again = Released(Later().Hear(Ask(1)));
        Assert.Equal((first.Spec, first.Leaders, first.Slot, first.Attempt), (again.Spec, again.Leaders, again.Slot, again.Attempt));
        Assert.Equal(first.Parties.AsEnumerable(), again.Parties.AsEnumerable());
    }

    [Fact]
    public void Asked_OnTheConnectionAfterNext_ReleasesStill()
    {
        Agreed();
        var later = new NodeUnderTest(memory: Later().Machine.Memory);
        Released(later.Hear(Ask(1)));
    }

    [Fact]
    public void Asked_ForAnotherAttempt_Refuses()
    {
        Agreed();
        Assert.Contains("no sum", Later().Hear(Ask(2)).Tells<NodeMessage.LeaderRefused>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Asked_WithNothingKept_Refuses()
    {
        var later = new NodeUnderTest(memory: new NodeMemory(new Round(1), new Term(1)));
        Assert.Equal(new Round(1), later.Hear(Ask(1)).Tells<NodeMessage.LeaderRefused>().Round);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ended_TheRound_ErasesWhatWasKept(bool committed)
    {
        Agreed();
        var later = Later();
        var effects = later.Hear(committed
            ? new ServerMessage.RoundCommitted(_leader.Spec.Round, Some.Hash("next"), 3, CoordinatorUnderTest.Totals)
            : new ServerMessage.RoundAborted(_leader.Spec.Round, "over"));
        Assert.Equal(new NodeEffect.CloseRound(_leader.Spec.Round, committed), Assert.Single(effects));
        Assert.Null(later.Machine.Memory.Agreed);
        later.Hear(Ask(1)).Tells<NodeMessage.LeaderRefused>();
    }

    [Fact]
    public void Opened_TheNextRound_ErasesWhatWasKeptFirst()
    {
        Agreed();
        var later = Later();
        later.AgreeKeys(Some.Leaders(term: 2));
        var effects = later.Hear(new ServerMessage.RoundOpened(Some.Spec(round: 2)));
        Assert.Equal(new NodeEffect.CloseRound(_leader.Spec.Round, false), effects[0]);
        Assert.Null(later.Machine.Memory.Agreed);
        Assert.Contains(effects, e => e is NodeEffect.OpenRound);
    }

    private static NodeEffect.ReleaseSum Released(List<NodeEffect> effects) => Assert.IsType<NodeEffect.ReleaseSum>(Assert.Single(effects));

    private void Agreed()
    {
        _leader.Announced(1, 2, 3);
        _leader.Agree(1, 1, 2, 3);
    }

    private ServerMessage.ReleaseAsked Ask(int attempt) => new(_leader.Spec.Round, new Attempt(attempt));

    private NodeUnderTest Later() => new(memory: _leader.Memory);
}
