using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

public sealed class ResumeTests
{
    [Fact]
    public async Task Run_ServerStoppedAndResumed_GoesOnAboveTheLastTermAndRound()
    {
        var gate = new Gate(new Round(3));
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 3, rounds: 4));
        federation.JoinAll(Enumerable.Range(0, 3).Select(_ => gate.Trainer()));
        await federation.Events.WhenAsync<CoordinatorEvent.RoundStarted>(e => e.Spec.Round == new Round(3));
        var run = federation.Server.Run;
        await federation.StopServerAsync();
        var before = federation.Events.All.Count;

        await federation.StartServerAsync(s => s with { Resume = true });
        var trainers = Enumerable.Range(0, 3).Select(_ => StubTrainer.Moving((_, _) => 0.01f, 100)).ToArray();
        foreach (var (trainer, i) in trainers.Select((t, i) => (t, i)))
        {
            federation.Join($"again-{i}", trainer);
        }

        await federation.CompleteAsync();

        var later = federation.Events.All.Skip(before).ToArray();
        Assert.Equal(run, federation.Server.Run);
        Assert.Equal([new Round(4), new Round(5)], later.OfType<CoordinatorEvent.Committed>().Select(c => c.Round));
        Assert.Equal([new Term(2)], later.OfType<CoordinatorEvent.LeadersSeated>().Select(e => e.Leaders.Term));
        float[] start = Some.Model.Initialise(1);
        Assert.All(trainers[0].Received[new Round(4)].Zip(start), p => Assert.InRange(p.First - p.Second, 0.02 - 1e-5, 0.02 + 1e-5));
        Assert.All(federation.CommittedModel().Zip(start), p => Assert.InRange(p.First - p.Second, 0.04 - 1e-5, 0.04 + 1e-5));
    }
}
