using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>What a federation is worth while one of its nodes sends nothing but damaged and hostile frames.</summary>
public sealed class IntruderTests
{
    private const int Nodes = 4;
    private const int Rounds = 12;

    [Theory]
    [InlineData(Layout.Masked, 1)]
    [InlineData(Layout.Rotating, 2)]
    public async Task Run_BesideANodeThatSendsMutatedFrames_CommitsTheRightSumOfEveryRound(Layout layout, ulong seed)
    {
        // Each coordinate is moved by one node, beyond the clip: whole units of the ring, hence free of rounding.
        var nuisance = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        var trainers = Enumerable.Range(0, Nodes).Select(n => new StubTrainer(async (spec, parameters, cancellation) =>
        {
            // The later rounds wait until there is something to withstand.
            await (spec.Round < new Round(3) ? Task.CompletedTask : (await nuisance.Task).WaitAsync(cancellation));
            StubTrainer.Move(spec.Round, parameters.Span, (_, i) => i % Nodes == n ? 5_000f : 0f);
            return StubTrainer.Result(100);
        })).ToArray();
        await using var federation = await Federation.StartAsync(Rules.Of(Nodes, Rounds, layout));
        federation.HasIntruder = true;
        var members = federation.JoinAll(trainers);
        await federation.Events.WhenAsync<CoordinatorEvent.RoundStarted>();
        await using var intruder = new Intruder(federation.Address, members.Select(m => m.Id), seed);
        nuisance.SetResult(intruder.Busy);

        await federation.CompleteAsync();

        float[] expected = Some.Model.Initialise(1);
        double units = (double)(ulong.MaxValue >> (64 - (32 - 3)));
        for (int round = 1; round <= Rounds; round++)
        {
            double step = Math.Min(1024, 0.5 * Math.Pow(2, round - 1)) / units * (100.0 / (Nodes * 100));
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] = (float)(expected[i] + (units * step));
            }
        }

        Assert.Equal(expected, federation.CommittedModel());
        Assert.Equal(Rounds, federation.Events.All.OfType<CoordinatorEvent.Committed>().Count(c => c.Intersection == Nodes));
        Assert.DoesNotContain(federation.Events.All, e => e is CoordinatorEvent.LeaderLost or CoordinatorEvent.Aborted);
        Assert.True(intruder.Joined > 1, $"it was admitted {intruder.Joined} times");
        Assert.Contains("\"name\":\"intruder\"", federation.AuditText(), StringComparison.Ordinal);
        Assert.Contains(federation.Log.All, l => l.Text.Contains("there is no channel with that node for that slot", StringComparison.Ordinal));
    }
}
