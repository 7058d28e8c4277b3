namespace DemoFl.Simulation;

/// <summary>Makes a failing cluster smaller while the same promise still breaks: fewer faults and members, less time, one step at a time.</summary>
internal sealed class ConsensusShrinker(TimeSpan budget)
{
    /// <summary>The smallest failing run found within the budget; the given one when nothing smaller fails alike.</summary>
    public SimulatedCluster Shrink(SimulatedCluster failing)
    {
        string promise = Promise.Of(failing.Violation!);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (bool smaller = true; smaller;)
        {
            smaller = false;
            foreach (var candidate in Smaller(failing.Scenario).TakeWhile(_ => watch.Elapsed < budget))
            {
                if (ConsensusSimulations.Run(candidate) is { Violation: { } violation } run && Promise.Of(violation) == promise)
                {
                    (failing, smaller) = (run, true);
                    break;
                }
            }
        }

        return failing;
    }

    private static IEnumerable<ConsensusScenario> Smaller(ConsensusScenario scenario)
    {
        foreach (var fault in Enum.GetValues<ConsensusFaults>().Where(f => f != ConsensusFaults.None && scenario.Has(f)))
        {
            yield return scenario with { Faults = scenario.Faults & ~fault };
        }

        if (scenario.Members > 1)
        {
            yield return scenario with { Members = scenario.Members - 1 };
        }

        if (scenario.Trouble > TimeSpan.FromSeconds(1))
        {
            yield return scenario with { Trouble = scenario.Trouble * 0.75 };
        }
    }
}
