namespace DemoFl.Simulation;

/// <summary>Clusters of institutions, one for each seed. Thread-safe.</summary>
public static class ConsensusSimulations
{
    /// <summary>
    /// Runs <paramref name="count"/> seeds from <paramref name="firstSeed"/> on, one after another, and returns the first broken promise as
    /// <c>seed: promise</c>, or null.
    /// </summary>
    public static string? FirstViolation(ulong firstSeed, int count)
    {
        for (ulong i = 0; i < (ulong)count; i++)
        {
            ulong seed = unchecked(firstSeed + i);
            if (Run(ConsensusScenario.From(seed)).Violation is { } violation)
            {
                return $"{seed}: {violation.Message}";
            }
        }

        return null;
    }

    /// <summary>One cluster, from its start until it has healed and gone on.</summary>
    internal static SimulatedCluster Run(ConsensusScenario scenario, Trace? trace = null)
    {
        trace ??= new Trace();
        var cluster = new ConsensusCluster(scenario, trace);
        Exception? violation = null;
        try
        {
            cluster.Run();
        }
#pragma warning disable CA1031 // Whatever a machine throws breaks a promise: none may throw.
        catch (Exception e)
#pragma warning restore CA1031
        {
            violation = e;
        }

        return new SimulatedCluster(scenario, violation, trace, cluster.Tally, cluster.Events);
    }
}

/// <summary>A run that ended, or the promise that it broke.</summary>
internal sealed record SimulatedCluster(ConsensusScenario Scenario, Exception? Violation, Trace Trace, Tally Tally, EventQueue Events) : ISimulated
{
    public ulong Seed => Scenario.Seed;

    public string Ending => Violation is null ? "seeds that went on once they were healed" : "seeds that broke a promise";

    public override string ToString() => Violation is null
        ? $"{Scenario}\nwent on after {Events.Now.TotalSeconds:0.0} s and {Events.Happened} events"
        : $"{Scenario}\nat {Events.Now.TotalMilliseconds:0.0} ms: {(Violation is InvariantException ? Violation.Message : Violation)}\nThe last events:\n{Trace.Tail}";
}
