namespace DemoFl.Protocol.Tests.Node;

/// <summary>A node gives the statistics of its columns before training, once a stage, and only in the encoding that is known beforehand.</summary>
public sealed class StatisticsOrderTests
{
    private readonly NodeUnderTest _node = new();

    public StatisticsOrderTests() => _node.AgreeKeys(Some.Leaders());

    [Fact]
    public void StagesInOrder_AreTaken()
    {
        Assert.Null(Open(1, TrainingStage.Means));
        Commit(1);
        Assert.Null(Open(2, TrainingStage.Variances));
        Commit(2);
        Assert.Null(Open(3, TrainingStage.Training));
        Commit(3);
        Assert.Null(Open(4, TrainingStage.Training));
    }

    [Fact]
    public void StageAgainAfterAnAbort_IsTaken()
    {
        Assert.Null(Open(1, TrainingStage.Means));
        _node.Hear(new ServerMessage.RoundAborted(new Round(1), "too few"));
        Assert.Null(Open(2, TrainingStage.Means));
    }

    [Theory]
    [InlineData(TrainingStage.Means, true, TrainingStage.Means)]
    [InlineData(TrainingStage.Variances, false, TrainingStage.Means)]
    [InlineData(TrainingStage.Variances, true, TrainingStage.Variances)]
    [InlineData(TrainingStage.Training, false, TrainingStage.Means)]
    [InlineData(TrainingStage.Training, true, TrainingStage.Variances)]
    public void StageThatIsOver_IsDeclined(TrainingStage first, bool committed, TrainingStage second)
    {
        Open(1, first);
        if (committed)
        {
            Commit(1);
        }

        Assert.Contains($"asks for the {second} of columns", Open(2, second), StringComparison.Ordinal);
        Assert.Null(Open(3, TrainingStage.Training));
    }

    [Fact]
    public void StageThatIsOver_IsRememberedOverConnections()
    {
        Open(1, TrainingStage.Variances);
        var again = new NodeUnderTest(memory: _node.Machine.Memory with { LastTerm = default });
        again.AgreeKeys(Some.Leaders(term: 2));
        var effects = again.Hear(new ServerMessage.RoundOpened(Spec(2, TrainingStage.Means)));
        Assert.Single(effects.OfType<NodeEffect.Tell>(), t => t.Message is NodeMessage.Declined);
    }

    [Theory]
    [InlineData(TrainingStage.Means, 32, 4294967296.0)]
    [InlineData(TrainingStage.Means, 64, 1048576.0)]
    [InlineData(TrainingStage.Variances, 64, 4294967296.0)]
    [InlineData(TrainingStage.Variances, 64, 0.5)]
    public void EncodingThatIsNotTheKnownOne_IsDeclined(TrainingStage stage, int ring, double clip)
    {
        var spec = Spec(1, stage);
        spec = spec with { Encoding = spec.Encoding with { RingBits = ring, Clip = clip, MinClip = clip, MaxClip = clip } };
        Assert.Contains("of columns are encoded in", Declined(_node.Hear(new ServerMessage.RoundOpened(spec))), StringComparison.Ordinal);
    }

    private static RoundSpec Spec(ulong round, TrainingStage stage)
    {
        var spec = Some.Spec(round);
        return spec with { Training = spec.Training with { Stage = stage }, Encoding = StatisticsEncoding.Of(spec.Encoding, stage) };
    }

    private string? Open(ulong round, TrainingStage stage) => Declined(_node.Hear(new ServerMessage.RoundOpened(Spec(round, stage))));

    private void Commit(ulong round) => _node.Hear(new ServerMessage.RoundCommitted(new Round(round), Some.Hash("next"), 3, CoordinatorUnderTest.Totals));

    private static string? Declined(IEnumerable<NodeEffect> effects) =>
        effects.OfType<NodeEffect.Tell>().Select(t => t.Message).OfType<NodeMessage.Declined>().SingleOrDefault()?.Reason;
}
