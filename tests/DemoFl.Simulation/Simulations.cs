namespace DemoFl.Simulation;

/// <summary>Whole federations, one for each seed: the entry for who runs many of them. Thread-safe.</summary>
public static class Simulations
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
            if (Run(ScenarioDraw.From(seed)).Violation is { } violation)
            {
                return $"{seed}: {violation.Message}";
            }
        }

        return null;
    }

    /// <summary>One federation from its first arrival to its end.</summary>
    internal static SimulatedRun Run(Scenario scenario, Trace? trace = null)
    {
        trace ??= new Trace();
        var federation = new Federation(scenario, trace);
        try
        {
            return new SimulatedRun(scenario, federation.Run(), null, trace, federation.Tally, federation.Events);
        }
#pragma warning disable CA1031 // Whatever a machine throws breaks a promise: none may throw.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new SimulatedRun(scenario, null, e, trace, federation.Tally, federation.Events);
        }
    }
}

/// <summary>A run that ended, or the promise that it broke.</summary>
internal sealed record SimulatedRun(Scenario Scenario, Outcome? Outcome, Exception? Violation, Trace Trace, Tally Tally, EventQueue Events) : ISimulated
{
    public ulong Seed => Scenario.Seed;

    public string Ending => this switch
    {
        { Scenario.Evil: not null } => "seeds with an evil server",
        { Outcome.Succeeded: true } => "seeds that succeeded",
        { Outcome: not null } => "seeds that gave up, as they must or may",
        _ => "seeds that broke a promise",
    };

    public override string ToString() => Violation is null
        ? $"{Scenario}\n{Outcome!.Reason} after {Events.Now.TotalSeconds:0.0} s and {Events.Happened} events"
        : $"{Scenario}\nat {Events.Now.TotalMilliseconds:0.0} ms: {(Violation is InvariantException ? Violation.Message : Violation)}\nThe last events:\n{Trace.Tail}";
}
