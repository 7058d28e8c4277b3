using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>Parties that fail, are slow or are not drawn: the round goes on without them or aborts (DESIGN section 7).</summary>
public sealed class TrainerFaultTests
{
    private const float Step = 0.01f;

    [Fact]
    public async Task Run_TrainerThrows_CommitsWithoutThePartyAndTellsNobodyItsWords()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 4, rounds: 2));
        federation.JoinAll(Good(3));
        var broken = federation.Join("broken", new StubTrainer((_, _, _) => throw new InvalidDataException("patient 17 has no blood pressure")));

        await federation.CompleteAsync();

        Assert.Equal(3, (await federation.Events.WhenAsync<CoordinatorEvent.Committed>()).Intersection);
        var refused = await federation.Events.WhenAsync<CoordinatorEvent.Refused>();
        Assert.Equal((broken.Id, "making the update failed: InvalidDataException; this node's log says more"), (refused.Node, refused.Reason));
        await federation.Log.WhenAsync<LogLine>(l => l.Category.StartsWith("DemoFl.Node", StringComparison.Ordinal) && l.Text.Contains("patient 17", StringComparison.Ordinal));
        Assert.DoesNotContain(federation.Log.All, l => l.Category.StartsWith("DemoFl.Relay", StringComparison.Ordinal) && l.Text.Contains("patient", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Layout.Masked)]
    [InlineData(Layout.Rotating)]
    [InlineData(Layout.Plain)]
    public async Task Run_UpdateIsNotANumber_CommitsWithoutThePartyAndSaysWhy(Layout layout)
    {
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 4, rounds: 1, layout));
        federation.JoinAll(Good(3));
        federation.Join("broken", StubTrainer.Moving((_, i) => i == 3 ? float.NaN : 0, 100));

        await federation.CompleteAsync();

        Assert.Contains("Coordinate 3 of the update is not finite", (await federation.Events.WhenAsync<CoordinatorEvent.Refused>()).Reason, StringComparison.Ordinal);
        AssertMoved(federation, rounds: 1);
    }

    [Fact]
    public async Task Run_TooFewUpdates_AbortsTheRoundAndOpensTheNext()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 3, rounds: 1));
        federation.JoinAll(Good(2));
        federation.Join("moody", new StubTrainer((spec, parameters, _) =>
        {
            StubTrainer.Move(spec.Round, parameters.Span, (_, _) => spec.Round == new Round(1) ? float.NaN : Step);
            return Task.FromResult(StubTrainer.Result(100));
        }));

        await federation.CompleteAsync();

        Assert.Equal("2 complete vectors, fewer than k_min = 3", (await federation.Events.WhenAsync<CoordinatorEvent.Aborted>()).Reason);
        Assert.Equal(new Round(2), (await federation.Events.WhenAsync<CoordinatorEvent.Committed>()).Round);
        AssertMoved(federation, rounds: 1);
    }

    [Fact]
    public async Task Run_StragglerThatIgnoresItsCancellation_IsLeftOutAndNeverMixesTwoRounds()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = new StubTrainer(async (spec, parameters, _) =>
        {
            if (spec.Round == new Round(1))
            {
                await release.Task;
            }

            // In round 1 an update that would show in the model of any round.
            StubTrainer.Move(spec.Round, parameters.Span, (_, _) => spec.Round == new Round(1) ? 100 : Step);
            return StubTrainer.Result(100);
        });
        var rules = Rules.Of(nodes: 4, rounds: 3) with { UploadDeadline = TimeSpan.FromSeconds(1.5) };
        await using var federation = await Federation.StartAsync(rules);
        federation.JoinAll(Good(3));
        var straggler = federation.Join("slow", slow);

        // A whole round goes by in which a node that did not wait for its trainer would call it again.
        await straggler.Events.WhenAsync<NodeEvent.RoundEnded>(e => e.Round == new Round(2));
        release.SetResult();
        await federation.CompleteAsync();

        Assert.Equal([3, 3, 4], federation.Events.All.OfType<CoordinatorEvent.Committed>().Select(e => e.Intersection));
        Assert.Equal([new Round(1), new Round(3)], slow.Received.Keys.Order());
        Assert.False(slow.Overlapped);
        AssertMoved(federation, rounds: 3);
    }

    [Fact]
    public async Task Run_FractionBelowOne_SelectsThatManyEachRound()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 6, rounds: 3) with { Fraction = 0.5 });
        var members = federation.JoinAll(Good(6));

        await federation.CompleteAsync();

        var specs = federation.Events.All.OfType<CoordinatorEvent.RoundStarted>().Select(e => e.Spec).ToArray();
        Assert.All(specs, s => Assert.Equal(3, s.Participants.Length));
        Assert.All(members, m => Assert.Equal(
            specs.Where(s => s.Participants.Contains(m.Id)).Select(s => s.Round), m.Events.All.OfType<NodeEvent.RoundJoined>().Select(e => e.Round)));
        AssertMoved(federation, rounds: 3);
    }

    private static IEnumerable<ITrainer> Good(int count) => Enumerable.Range(0, count).Select(_ => StubTrainer.Moving((_, _) => Step, 100));

    /// <summary>Every party that counts moves every parameter by the same step: so does the mean, whoever is in it.</summary>
    private static void AssertMoved(Federation federation, int rounds)
    {
        float[] start = Some.Model.Initialise(1);
        Assert.All(federation.CommittedModel().Zip(start), pair => Assert.InRange(pair.First - pair.Second - (rounds * Step), -1e-5, 1e-5));
    }
}
