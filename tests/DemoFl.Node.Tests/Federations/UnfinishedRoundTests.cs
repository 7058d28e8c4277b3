using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>The server goes down while a round closes, and finishes it when it is back (DESIGN section 7, step 6).</summary>
public sealed class UnfinishedRoundTests
{
    private const int Nodes = 4;
    private static readonly Round Struck = new(2);

    /// <summary>Before any leader is asked for its sum, or when all sums are there and the commit is not durable.</summary>
    [Theory]
    [InlineData(Layout.Masked, RoundStage.Releasing)]
    [InlineData(Layout.Masked, RoundStage.Committing)]
    [InlineData(Layout.Rotating, RoundStage.Releasing)]
    [InlineData(Layout.Rotating, RoundStage.Committing)]
    public async Task Run_ServerDiesBehindTheClosingRecord_FinishesTheRoundAndNobodyTrainsAgain(Layout layout, RoundStage stage)
    {
        await using var federation = await Federation.StartAsync(Rules.Of(Nodes, rounds: 3, layout));
        var trainers = Join(federation);

        await federation.StrikeServerAsync(Struck, stage);
        await federation.ReviveServerAsync();
        await federation.CompleteAsync();

        Assert.Equal([new Round(1), Struck, new Round(3)], federation.Events.All.OfType<CoordinatorEvent.Committed>().Select(c => c.Round));
        Assert.Empty(federation.Events.All.OfType<CoordinatorEvent.Aborted>());
        Assert.Equal(new CoordinatorEvent.RoundTakenUp(Struck, 3), Assert.Single(federation.Events.All.OfType<CoordinatorEvent.RoundTakenUp>()));
        Assert.All(trainers, t => Assert.Equal([new Round(1), Struck], t.Calls.Take(2)));
        Assert.All(trainers, t => Assert.Equal(t.Calls.Distinct(), t.Calls));
        AssertMoved(federation, by: 0.03);
    }

    [Fact]
    public async Task Run_ServerDiesBehindTheClosingRecordAndALeaderIsStartedAnew_GivesTheRoundUp()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(Nodes, rounds: 2));
        Join(federation);

        await federation.StrikeServerAsync(Struck, RoundStage.Releasing);
        var leader = federation.Members.First(m => m.Id == federation.Events.All.OfType<CoordinatorEvent.LeadersSeated>().Single().Leaders.Seats[0].Holder);
        await leader.StopAsync();
        federation.Join(leader.Options.Name, Moving(), o => o with { Key = leader.Options.Key, Incarnation = Some.Incarnation() });
        await federation.ReviveServerAsync();
        await federation.CompleteAsync();

        var aborted = Assert.Single(federation.Events.All.OfType<CoordinatorEvent.Aborted>());
        Assert.Equal((Struck, "a leader was started anew, and its sum is gone"), (aborted.Round, aborted.Reason));
        Assert.Equal([new Round(1), new Round(3)], federation.Events.All.OfType<CoordinatorEvent.Committed>().Select(c => c.Round));
        AssertMoved(federation, by: 0.02);
    }

    /// <summary>Without the sum over B there is nothing to finish, and nothing is lost but the round.</summary>
    [Fact]
    public async Task Run_ServerDiesAndTheSumOverBIsDamaged_GivesTheRoundUp()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(Nodes, rounds: 2));
        Join(federation);

        await federation.StrikeServerAsync(Struck, RoundStage.Releasing);
        string sum = Assert.Single(Directory.GetFiles(federation.RunFile("closing")));
        byte[] bytes = File.ReadAllBytes(sum);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(sum, bytes);
        await federation.ReviveServerAsync();
        await federation.CompleteAsync();

        Assert.Empty(federation.Events.All.OfType<CoordinatorEvent.RoundTakenUp>());
        Assert.Equal([new Round(1), new Round(3)], federation.Events.All.OfType<CoordinatorEvent.Committed>().Select(c => c.Round));
        AssertMoved(federation, by: 0.02);
    }

    private static StubTrainer Moving() => StubTrainer.Moving((_, _) => 0.01f, samples: 100);

    private static StubTrainer[] Join(Federation federation)
    {
        StubTrainer[] trainers = [.. Enumerable.Range(0, Nodes).Select(_ => Moving())];
        federation.JoinAll(trainers);
        return trainers;
    }

    private static void AssertMoved(Federation federation, double by) => Assert.All(
        federation.CommittedModel().Zip(Some.Model.Initialise(1)), p => Assert.InRange(p.First - p.Second, by - 1e-5, by + 1e-5));
}
