using DemoFl.Node.Owner;
using DemoFl.Node.Tests.Federations;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Owner;

/// <summary>Real servers and nodes, one of which has an owner with a policy.</summary>
public sealed class PolicyFederationTests : IDisposable
{
    private const string Alice = "alice";

    private readonly RecordPlace _place = new();

    public static TheoryData<string, OwnerPolicy> AtTheDoor => new()
    {
        { "servers: the server is", new() { Servers = ["somebody"] } },
        { "runs: the run is", new() { Runs = [new RunId(1).ToString()] } },
        { "models: the model is softmax, accepted are cnn", new() { Models = ["cnn"] } },
        { "layouts: the layout is masked, accepted are rotating", new() { Layouts = [Layout.Rotating] } },
        { "min-leaders: there are 3 leaders", new() { MinLeaders = 5 } },
        { "min-k: k_min is 3", new() { MinKMin = 4 } },
    };

    public static TheoryData<string, OwnerPolicy> InARound => new()
    {
        { "max-epochs", new() { MaxEpochs = 0 } },
        { "min-upload-deadline", new() { MinUploadDeadline = TimeSpan.FromHours(1) } },
        { "leaders", new() { Leaders = [] } },
        { "max-rounds", new() { MaxRounds = 0 } },
        { "max-rounds-a-day", new() { MaxRoundsADay = 0 } },
    };

    [Theory]
    [MemberData(nameof(AtTheDoor))]
    public async Task Join_JobThatThePolicyRefuses_IsLeftWithTheSettingNamed(string reason, OwnerPolicy policy)
    {
        await using var federation = await Federation.StartAsync(Federations.Rules.Of(nodes: 3, rounds: 1));
        using var folder = OwnerFolder.Take(_place.Keys, Alice);
        using (var record = OwnerRecord.Open(folder, Alice))
        {
            var alice = federation.Join(Alice, Trainer(), o => o with { Owner = new OwnerRules(policy), Record = record });
            var refusal = await Assert.ThrowsAsync<NodeRefusedException>(() => alice.Completion.WaitAsync(TimeSpan.FromSeconds(20)));
            Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        }

        Assert.Contains(reason, _place.LinesOf(Alice).Single(l => l.Event == "refused").Text("reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Join_ServerByItsKey_IsAccepted()
    {
        await using var federation = await Federation.StartAsync(Federations.Rules.Of(nodes: 3, rounds: 1));
        string key = Hash256.Of(federation.ServerPublicKey.Span).ToString();
        federation.Join(Alice, Trainer(), o => o with { Owner = new OwnerRules(new OwnerPolicy { Servers = [key], Runs = [federation.Server.Run.ToString()] }) });
        JoinOthers(federation, 2);
        await federation.CompleteAsync();
    }

    [Theory]
    [MemberData(nameof(InARound))]
    public async Task Round_ThatThePolicyRefuses_IsDeclinedAndTheServerToldTheSettingsNameAlone(string setting, OwnerPolicy policy)
    {
        await using var federation = await Federation.StartAsync(Federations.Rules.Of(nodes: 4, rounds: 1));
        using var folder = OwnerFolder.Take(_place.Keys, Alice);
        using (var record = OwnerRecord.Open(folder, Alice))
        {
            var trainer = Trainer();
            var alice = federation.Join(Alice, trainer, o => o with { Owner = new OwnerRules(policy, new RoundBudget(folder)), Record = record });
            JoinOthers(federation, 3);
            await federation.CompleteAsync();
            var declined = await alice.Events.WhenAsync<NodeEvent.Declined>();
            Assert.StartsWith($"the policy refuses {setting}: ", declined.Reason, StringComparison.Ordinal);
            Assert.Empty(trainer.Received);
            await alice.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        }

        Assert.Equal($"its owner's policy ({setting})", federation.Events.All.OfType<CoordinatorEvent.Refused>().First().Reason);
        Assert.Equal(3, Assert.Single(federation.Reports.All).Intersection);
        var lines = _place.LinesOf(Alice);
        Assert.Contains(setting, lines.Single(l => l.Event == "declined").Text("reason"), StringComparison.Ordinal);
        Assert.Equal($"its owner's policy ({setting})", lines.Single(l => l.Event == "refusal").Text("told"));
        Assert.DoesNotContain(lines, l => l.Event is "vector" or "announcement");
    }

    [Fact]
    public async Task Rounds_BeyondTheLimit_AreDeclinedAlsoByTheNextProcess()
    {
        var policy = new OwnerPolicy { MaxRounds = 2 };
        for (int process = 0; process < 2; process++)
        {
            await using var federation = await Federation.StartAsync(Federations.Rules.Of(nodes: 4, rounds: 3));
            using var folder = OwnerFolder.Take(_place.Keys, Alice);
            var trainer = Trainer();
            federation.Join(Alice, trainer, o => o with { Owner = new OwnerRules(policy, new RoundBudget(folder)) });
            JoinOthers(federation, 3);
            await federation.CompleteAsync();
            Assert.Equal(process == 0 ? [4, 4, 3] : [3, 3, 3], federation.Reports.All.Select(r => r.Intersection));
            Assert.Equal(process == 0 ? 2 : 0, trainer.Received.Count);
        }
    }

    public void Dispose() => _place.Dispose();

    private static StubTrainer Trainer() => StubTrainer.Moving((_, _) => 0.01f, 100);

    private static void JoinOthers(Federation federation, int count)
    {
        for (int i = 0; i < count; i++)
        {
            federation.Join($"n-{i}", Trainer());
        }
    }
}
