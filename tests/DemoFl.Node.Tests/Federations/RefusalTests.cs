using System.Net;
using System.Net.Sockets;
using DemoFl.Learning;
using DemoFl.Protocol;
using Grpc.Core;

namespace DemoFl.Node.Tests.Federations;

/// <summary>What a node does not take part in: refused at the door, with what to do about it.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task RunAsync_FewerLeadersThanTheOwnersFloor_NamesTheFix() =>
        Assert.Contains("raise 'leaders' in the job, or lower --min-leaders", await RefusalAsync(
            Rules.Of(3, 1), o => o with { Policy = new NodePolicy(MinLeaders: 4) }), StringComparison.Ordinal);

    [Fact]
    public async Task RunAsync_KMinBelowTheOwnersFloor_NamesTheFix() =>
        Assert.Contains("raise 'k-min' in the job, or lower --min-k", await RefusalAsync(
            Rules.Of(3, 1), o => o with { Policy = new NodePolicy(MinKMin: 5) }), StringComparison.Ordinal);

    [Fact]
    public async Task RunAsync_PlainWithoutTheOwnersWord_NamesTheFix() =>
        Assert.Contains("--allow-plain", await RefusalAsync(
            Rules.Of(3, 1, Layout.Plain), o => o with { Policy = new NodePolicy() }), StringComparison.Ordinal);

    [Theory]
    [InlineData("generated:train=30,test=10,size=3,classes=3", "the federation trains on 1x4x1 inputs in 3 classes; this node's data are 3x3x1 in 3")]
    [InlineData("generated:train=30,test=10,size=2,classes=7", "3 classes")]
    public async Task RunAsync_DataOfAnotherShape_SaysBoth(string data, string expected)
    {
        using var turns = new SemaphoreSlim(1);
        var trainer = new EmbeddedTrainer("other", Datasets.Load(data).Train, turns);

        Assert.Contains(expected, await RefusalAsync(Rules.Of(3, 1), o => o with { Trainer = trainer }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NobodyThere_GivesUpAfterItsPatience()
    {
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)reserved.LocalEndpoint).Port}");
        reserved.Stop();
        await using var federation = await Federation.StartAsync(Rules.Of(3, 1));

        var member = federation.Join("lost", StubTrainer.Moving((_, _) => 0, 1), o => o with { Server = address, Patience = TimeSpan.FromMilliseconds(300) });

        var failure = await Assert.ThrowsAsync<RpcException>(() => member.Completion.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        await federation.Log.WhenAsync<LogLine>(l => l.Id == 102);
    }

    [Fact]
    public async Task RunAsync_PlaintextBeyondThisMachine_IsRefusedBeforeAnythingIsSent()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(3, 1));

        var member = federation.Join("loud", StubTrainer.Moving((_, _) => 0, 1), o => o with { Server = new Uri("http://fl.example:7070"), Name = "Loud" });

        var failure = await Assert.ThrowsAsync<ArgumentException>(() => member.Completion);
        Assert.Contains("--insecure", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--name 'Loud'", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<string> RefusalAsync(CoordinatorRules rules, Func<NodeOptions, NodeOptions> with)
    {
        await using var federation = await Federation.StartAsync(rules);
        var member = federation.Join("picky", StubTrainer.Moving((_, _) => 0, 1), with);
        return (await Assert.ThrowsAsync<NodeRefusedException>(() => member.Completion.WaitAsync(TimeSpan.FromSeconds(20)))).Message;
    }
}
