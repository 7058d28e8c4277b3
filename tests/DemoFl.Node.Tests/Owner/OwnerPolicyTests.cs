using DemoFl.Node.Owner;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Owner;

/// <summary>Each setting refuses what is beyond it, and nothing else.</summary>
public sealed class OwnerPolicyTests
{
    private static readonly Hash256 Key = Hash256.Of([1]);

    public static TheoryData<string, OwnerPolicy, OwnerPolicy> Settings => new()
    {
        { "models", new() { Models = ["cnn"] }, new() { Models = ["cnn", "softmax"] } },
        { "models", new() { Models = ["soft"] }, new() { Models = ["soft*"] } },
        { "models", new() { Models = ["softmax2*", "external"] }, new() { Models = ["*"] } },
        { "layouts", new() { Layouts = [Layout.Rotating, Layout.Plain] }, new() { Layouts = [Layout.Masked] } },
        { "min-leaders", new() { MinLeaders = 4 }, new() { MinLeaders = 3 } },
        { "min-k", new() { MinKMin = 4 }, new() { MinKMin = 3 } },
        { "max-epochs", new() { MaxEpochs = 1 }, new() { MaxEpochs = 2 } },
        { "min-upload-deadline", new() { MinUploadDeadline = TimeSpan.FromSeconds(30.001) }, new() { MinUploadDeadline = TimeSpan.FromSeconds(30) } },
        { "standardize", new() { Standardize = false }, new() },
        { "leaders", new() { Leaders = [IdOf(1), IdOf(2)] }, new() { Leaders = [IdOf(1), IdOf(2), IdOf(3)] } },
        { "max-rounds", new() { MaxRounds = 7 }, new() { MaxRounds = 8 } },
        { "max-rounds-a-day", new() { MaxRoundsADay = 2 }, new() { MaxRoundsADay = 3 } },
        { "servers", new() { Servers = ["other", new string('0', 64)] }, new() { Servers = ["fl"] } },
        { "servers", new() { Servers = [] }, new() { Servers = [Key.ToString()] } },
        { "runs", new() { Runs = [new RunId(8).ToString()] }, new() { Runs = [Some.Run.ToString()] } },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Refuses_EachSetting_WhatIsBeyondItAndNothingElse(string setting, OwnerPolicy refusing, OwnerPolicy accepting)
    {
        var refusal = Assert.Single(All(refusing));
        Assert.Equal(setting, refusal.Setting);
        Assert.Empty(All(accepting));
    }

    [Fact]
    public void Refuses_NothingSet_Nothing() => Assert.Empty(All(new OwnerPolicy()));

    [Fact]
    public void Refuses_PlainLayout_HasNeitherLeadersNorKMin() => Assert.Empty(new OwnerPolicy { MinLeaders = 15, MinKMin = 100 }
        .Refuses(JobFacts.Of(Some.Spec(layout: Layout.Plain), null)));

    [Fact]
    public void Refuses_StandardizedModel_IsJudgedAsTheModelItselfAndByStandardize()
    {
        var spec = Some.Spec() with { Training = Some.Plan(15) with { Model = "standardized:mlp:8" } };
        Assert.Empty(new OwnerPolicy { Models = ["mlp:*"] }.Refuses(JobFacts.Of(spec, null)));
        Assert.Equal("standardize", Assert.Single(new OwnerPolicy { Models = ["mlp:8"], Standardize = false }.Refuses(JobFacts.Of(spec, null))).Setting);
    }

    [Fact]
    public void OfRound_SeveralRefusals_AllAreForTheOwnerAndOnlyTheirNamesAreTold()
    {
        var rules = new OwnerRules(new OwnerPolicy { Models = ["cnn"], MinKMin = 77, Leaders = [] });
        var refusal = rules.OfRound(Some.Spec(), Leaders(), Some.Node(1))!;
        Assert.Equal("its owner's policy (models, min-k, leaders)", refusal.Told);
        Assert.All(["softmax", "cnn", "77", IdOf(2), IdOf(3)], text => Assert.Contains(text, refusal.Reason, StringComparison.Ordinal));
        Assert.DoesNotContain(IdOf(1), refusal.Reason, StringComparison.Ordinal);
    }

    private static IEnumerable<PolicyRefusal> All(OwnerPolicy policy)
    {
        var spec = Some.Spec();
        spec = spec with { Training = spec.Training with { Epochs = 2, Stage = TrainingStage.Means } };
        return
        [
            .. policy.Refuses(JobFacts.Of(spec, Leaders())), .. policy.Refuses("fl", Key, Some.Run), .. policy.Refuses(total: 7, today: 2),
            .. new[] { policy.Refuses(Leaders(), Some.Node(1)) }.OfType<PolicyRefusal>(),
        ];
    }

    private static string IdOf(int node) => Some.Node(node).Value.ToString();

    private static LeaderSet Leaders() => new(Some.Run, new Term(1), [.. Enumerable.Range(1, 3).Select(i => new Seat(new Slot(i - 1), Some.Node(i), new Incarnation((UInt128)i), new Term(1)))]);
}
