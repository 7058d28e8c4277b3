using DemoFl.Protocol;
using DemoFl.Relay;
using DemoFl.Relay.Backups;

namespace DemoFl.Node.Tests.Federations;

/// <summary>The run folder is replaced by an older copy of itself, and the nodes know better (promise C1, DESIGN section 7).</summary>
public sealed class OutdatedRunTests
{
    [Fact]
    public async Task Run_OnAnOlderCopyOfItsFolder_StopsAndGoesOnUnderAnotherId()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 3, rounds: 4));
        federation.JoinAll(Enumerable.Range(0, 3).Select(_ => StubTrainer.Moving((_, _) => 0.01f, samples: 100)));
        await federation.StrikeServerAsync(new Round(2), RoundStage.Intersecting);
        federation.CopyRun("copy");
        await federation.ReviveServerAsync();
        await federation.StrikeServerAsync(new Round(4), RoundStage.Committing);
        federation.RestoreRun("copy");

        // Whatever of rounds 3 and 4 the copy repeats, nobody takes part under the old id.
        int before = federation.Events.All.Count;
        await federation.ReviveServerAsync();
        var old = federation.Server.Run;
        var outdated = await Assert.ThrowsAsync<OutdatedRunException>(() => federation.Server.Completion.WaitAsync(TimeSpan.FromSeconds(40)));
        Assert.Equal((old, new Round(4)), (outdated.Head.Run, outdated.Head.Round));
        Assert.Empty(federation.Events.All.Skip(before).OfType<CoordinatorEvent.RoundStarted>());

        await federation.FellServerAsync();
        var renewed = RunBackup.Renew(federation.RunFile(""));
        await federation.ReviveServerAsync();
        await federation.CompleteAsync();
        Assert.NotEqual(old, renewed);
        Assert.Equal(renewed, federation.Server.Run);
        Assert.All(federation.CommittedModel().Zip(Some.Model.Initialise(1)), p => Assert.InRange(p.First - p.Second, 0.04 - 1e-5, 0.04 + 1e-5));
    }
}
