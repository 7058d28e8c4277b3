using DemoFl.Chaos.Scenarios;
using Xunit.Abstractions;

namespace DemoFl.Chaos.Tests;

/// <summary>A few scenarios on real processes. <c>scripts/chaos/all</c> runs all of them.</summary>
public sealed class ProcessTests(ITestOutputHelper output)
{
    /// <summary>For a machine with much else to do: nothing here takes a tenth of it by itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static TheoryData<string> Quick => ["kill-leader", "kill-server", "freeze"];

    [UnixTheory]
    [MemberData(nameof(Quick))]
    public async Task Run_QuickScenario_IsAsExpected(string name)
    {
        IScenario scenario = name switch
        {
            "kill-server" => KillAtMoments.Server("stageReached Intersecting", "stageReached Committing"),
            "freeze" => new Freeze("leader"),
            _ => Registry.All.Single(s => s.Name == name),
        };
        var told = new StringWriter();

        var results = await scenario.RunAsync(new Workshop(Repository.Program, told, Patience), CancellationToken.None);

        output.WriteLine(told.ToString());
        Assert.NotEmpty(results);
        Assert.All(results, r => Assert.True(r.Ok, r.Happened));
    }
}
