namespace DemoFl.Simulation;

/// <summary>
/// Makes a failing scenario smaller while the same promise still breaks: fewer disturbances, faults, tamperings, nodes and rounds, one step at a time.
/// </summary>
internal sealed class Shrinker(TimeSpan budget)
{
    private const int FewestNodes = 3;

    /// <summary>The smallest failing run found within the budget; the given one when nothing smaller fails alike.</summary>
    public SimulatedRun Shrink(SimulatedRun failing)
    {
        string promise = Promise.Of(failing.Violation!);
        var started = System.Diagnostics.Stopwatch.StartNew();
        for (bool smaller = true; smaller;)
        {
            smaller = false;
            foreach (var candidate in Smaller(failing.Scenario))
            {
                if (started.Elapsed > budget)
                {
                    return failing;
                }

                if (Simulations.Run(candidate) is { Violation: { } violation } run && Promise.Of(violation) == promise)
                {
                    (failing, smaller) = (run, true);
                    break;
                }
            }
        }

        return failing;
    }

    /// <summary>Every scenario that is one step smaller, the greatest steps first.</summary>
    private static IEnumerable<Scenario> Smaller(Scenario scenario)
    {
        foreach (var disturbances in scenario.Swarm.Disturbances.Select(scenario.Swarm.Disturbances.Remove))
        {
            yield return scenario with { Swarm = scenario.Swarm with { Disturbances = disturbances } };
        }

        foreach (var fault in Enum.GetValues<Faults>().Where(f => f != Faults.None && scenario.Swarm.Faults.HasFlag(f)))
        {
            yield return scenario with { Swarm = scenario.Swarm with { Faults = scenario.Swarm.Faults & ~fault } };
        }

        if (scenario.Evil is { } evil)
        {
            foreach (var tampering in Enum.GetValues<Tampering>().Where(t => t != Tampering.None && evil.Does(t)))
            {
                yield return scenario with { Evil = evil with { Tampering = evil.Tampering & ~tampering } };
            }

            foreach (int corrupt in evil.Corrupt)
            {
                yield return scenario with { Evil = evil with { Corrupt = [.. evil.Corrupt.Where(c => c != corrupt)] } };
            }
        }

        foreach (var candidate in FewerNodes(scenario).Concat(SimplerRules(scenario)))
        {
            yield return candidate;
        }
    }

    private static IEnumerable<Scenario> FewerNodes(Scenario scenario)
    {
        foreach (int nodes in new[] { scenario.Nodes / 2, scenario.Nodes - 1 }.Where(n => n >= FewestNodes && n < scenario.Nodes))
        {
            int early = Math.Min(nodes, scenario.Rules.MinimumNodes);
            int leaders = Math.Min(scenario.Rules.Leaders, (early + scenario.NodesPerProcess - 1) / scenario.NodesPerProcess);
            var rules = scenario.Rules with { MinimumNodes = early, Leaders = leaders, KMin = Math.Min(scenario.Rules.KMin, early) };
            var evil = scenario.Evil is { } plan ? plan with { Corrupt = [.. plan.Corrupt.Where(c => c < nodes)] } : null;
            yield return scenario with { Nodes = nodes, LateJoiners = nodes - early, Rules = rules, Habits = scenario.Habits[..nodes], Evil = evil };
        }

        if (scenario.Habits.Any(h => h != Habit.Diligent))
        {
            yield return scenario with { Habits = [.. scenario.Habits.Select(_ => Habit.Diligent)] };
        }
    }

    private static IEnumerable<Scenario> SimplerRules(Scenario scenario)
    {
        var rules = scenario.Rules;
        if (rules.Rounds > 1)
        {
            yield return scenario with { Rules = rules with { Rounds = rules.Rounds - 1 } };
        }

        if (rules.Standardize)
        {
            yield return scenario with { Rules = rules with { Standardize = false } };
        }

        if (rules.Care.Tenure > 0)
        {
            yield return scenario with { Rules = rules with { Care = rules.Care with { Tenure = 0 } } };
        }

        if (rules.Leaders > 2)
        {
            yield return scenario with { Rules = rules with { Leaders = rules.Leaders - 1 } };
        }

        if (scenario.NodesPerProcess > 1 && scenario.Evil is null)
        {
            yield return scenario with { NodesPerProcess = 1 };
        }

        if (scenario.LateJoiners > 0)
        {
            yield return scenario with { LateJoiners = 0, Rules = rules with { MinimumNodes = scenario.Nodes } };
        }
    }
}
