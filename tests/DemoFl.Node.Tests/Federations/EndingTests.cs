namespace DemoFl.Node.Tests.Federations;

/// <summary>A run's end reaches everyone: a node that missed it would wait for a server that is gone.</summary>
public sealed class EndingTests
{
    [Theory]
    [InlineData(Layout.Masked)]
    [InlineData(Layout.Plain)]
    public async Task Run_Finished_EveryNodeHearsHow(Layout layout)
    {
        // Many nodes in one process read late: what the server said last must survive the end of its stream.
        const int Nodes = 24;
        await using var federation = await Federation.StartAsync(Rules.Of(Nodes, rounds: 1, layout));
        var members = federation.JoinAll(Enumerable.Range(0, Nodes).Select(_ => StubTrainer.Moving((_, _) => 0.01f, 100)));

        await federation.CompleteAsync();

        foreach (var member in members)
        {
            Assert.Equal((true, "1 rounds committed"), await member.Completion.WaitAsync(TimeSpan.FromSeconds(5)));
        }
    }

    [Fact]
    public async Task Run_StoppedByItsOperator_EveryNodeHearsWhy()
    {
        var gate = new Gate(new Protocol.Round(1));
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 12, rounds: 2));
        var members = federation.JoinAll(Enumerable.Range(0, 12).Select(_ => gate.Trainer()));
        await federation.Events.WhenAsync<Protocol.CoordinatorEvent.RoundStarted>();

        federation.Server.Stop();
        await federation.Server.Completion;

        foreach (var member in members)
        {
            Assert.Equal((false, "stopped on request"), await member.Completion.WaitAsync(TimeSpan.FromSeconds(5)));
        }
    }
}
