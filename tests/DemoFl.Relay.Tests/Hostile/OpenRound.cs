using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.Wire;

namespace DemoFl.Relay.Tests.Hostile;

/// <summary>A round over real calls in which alice leads, and she and bob are the parties. Their updates are zeros: what commits is the start.</summary>
internal sealed class OpenRound : IAsyncDisposable
{
    private OpenRound(TestServer server, ScriptedNode alice, ScriptedNode bob, ScriptedLeader leader, RoundSpec spec) =>
        (Server, Alice, Bob, Leader, Spec) = (server, alice, bob, leader, spec);

    public TestServer Server { get; }

    public ScriptedNode Alice { get; }

    public ScriptedNode Bob { get; }

    public ScriptedLeader Leader { get; }

    public RoundSpec Spec { get; }

    /// <param name="folder">Of the run.</param>
    /// <param name="tenure">Rounds after which the slot is handed on.</param>
    public static async Task<OpenRound> StartAsync(string folder, int tenure = 10)
    {
        var rules = Some.Rules(Layout.Masked, nodes: 2, rounds: 2, leaders: 1) with { Care = new LeaderCare(TimeSpan.FromMinutes(1), Tenure: tenure) };
        var server = await TestServer.StartAsync(folder, Some.Job(rules));
        var (alice, bob) = (await server.JoinAsync("alice"), await server.JoinAsync("bob"));
        var leader = new ScriptedLeader(alice);
        await leader.LeadAsync();
        await bob.ExpectAsync(f => f.OffersPublished);
        await bob.SayAsync(new NodeMessage.KeysEstablished(leader.Term));
        return new OpenRound(server, alice, bob, leader, RoundSpecs.FromWire(await alice.ExpectAsync(f => f.RoundOpened)));
    }

    public async Task UploadAsync(bool bobHasSent = false)
    {
        await Alice.SubmitAsync(Some.Header(32, node: 1, round: Spec.Round.Value), new byte[32]);
        if (!bobHasSent)
        {
            await Bob.SubmitAsync(Some.Header(32, node: 2, round: Spec.Round.Value), new byte[32]);
        }
    }

    /// <summary>Goes through with it: both parties are in the sum, and it is theirs.</summary>
    public async Task CommitAsync(bool bobHasSent = false)
    {
        await UploadAsync(bobHasSent);
        await Leader.CloseAsync(Spec);
        var committed = await Server.Observer.NextAsync<CoordinatorEvent.Committed>();
        Assert.Equal((Spec.Round, 2, 2ul), (committed.Round, committed.Intersection, committed.Totals.SampleCount));
        Assert.Equal(Some.Model.Initialise(5), CommittedModel());
    }

    public float[] CommittedModel() => Safetensors.Read(Server.Server.NewestCheckpoint!).Values;

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
