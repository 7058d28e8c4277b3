namespace DemoFl.Simulation;

/// <summary>What is simulated.</summary>
/// <param name="Flag">The option that asks for it, with a space before it.</param>
/// <param name="Run">One seed, with a trace if one is wanted.</param>
/// <param name="Shrink">A smaller run that breaks the same promise, found within this time.</param>
internal sealed record Subject(string Flag, Func<ulong, Trace?, ISimulated> Run, Func<ISimulated, TimeSpan, ISimulated> Shrink)
{
    public static readonly Subject Federation = new(
        "", (seed, trace) => Simulations.Run(ScenarioDraw.From(seed), trace), (failing, budget) => new Shrinker(budget).Shrink((SimulatedRun)failing));

    public static readonly Subject Consensus = new(
        " --consensus", (seed, trace) => ConsensusSimulations.Run(ConsensusScenario.From(seed), trace),
        (failing, budget) => new ConsensusShrinker(budget).Shrink((SimulatedCluster)failing));
}
