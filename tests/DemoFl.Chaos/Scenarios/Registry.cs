using DemoFl.Chaos.Scenarios.Matrix;
using DemoFl.Chaos.Scenarios.Network;

namespace DemoFl.Chaos.Scenarios;

/// <summary>All scenarios, in the order in which <c>all</c> runs them.</summary>
internal static class Registry
{
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new KillLeader(),
        KillAtMoments.Server(KillAtMoments.AllMoments),
        KillAtMoments.Everybody("roundStarted", "stageReached Agreeing", "stageReached Releasing", "stageReached Committing", "round"),
        new Freeze(Freeze.AllRoles),
        .. NetworkScenarios.All,
        new KillMatrix(),
        new Endurance(rounds: 100, every: 5),
    ];
}
