namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>What is done to links, disks and clocks, in the order in which <c>all</c> runs them.</summary>
internal static class NetworkScenarios
{
    public static IReadOnlyList<IScenario> All { get; } = [new SlowLinks(), new StalledLinks(), new ResetLinks(), PartitionScenario.BothWays, PartitionScenario.OneWay, new DiskFull(), new SlowReader(), new HerdReturns(), new ClockSkew(), new ExpiredCertificate()];
}
