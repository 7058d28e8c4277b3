using DemoFl.Protocol;
using DemoFl.Simulation;

namespace DemoFl.Figures.Messages;

/// <summary>What one run costs in which nodes crash and come back with nothing but their keys.</summary>
/// <param name="Rate">The chance of a node to crash in a round.</param>
/// <param name="Nodes">N; all of them are parties of every round that they are there for.</param>
/// <param name="Leaders">N_l.</param>
/// <param name="Seed">Of the run.</param>
/// <param name="Crashes">Nodes that crashed.</param>
/// <param name="Committed">Rounds that committed: as many as were wanted.</param>
/// <param name="Aborted">Rounds that changed nothing.</param>
/// <param name="Reorganised">Slots that were filled anew in the middle of a round.</param>
/// <param name="Messages">Logical messages from the first election to the end, without heartbeats.</param>
internal sealed record CrashCount(double Rate, int Nodes, int Leaders, ulong Seed, int Crashes, int Committed, int Aborted, int Reorganised, long Messages)
{
    public const int Rounds = 20;

    /// <summary>Messages for each committed round, whatever the rounds cost that came to nothing.</summary>
    public double PerRound => (double)Messages / Committed;

    /// <exception cref="FigureException">The run gave up.</exception>
    public static CrashCount Run(double rate, int nodes, int leaders, ulong seed)
    {
        var trace = new CrashTrace(rate, seed);
        var scenario = MessageCount.ScenarioOf(Layout.Masked, nodes, leaders, Rounds, seed) with
        {
            // Nobody demands progress as long as crashes go on, and they do to the end.
            Swarm = Swarm.None with { HealedAt = TimeSpan.FromHours(1) },
        };
        trace.Federation = new Federation(scenario, trace);
        var outcome = trace.Federation.Run();
        int committed = outcome.Reports.Count(r => r is CoordinatorEvent.Committed);
        return outcome.Succeeded && committed == Rounds
            ? new CrashCount(
                rate, nodes, leaders, seed, trace.Crashes, committed, outcome.Reports.Count(r => r is CoordinatorEvent.Aborted),
                outcome.Reports.Count(r => r is CoordinatorEvent.Replaced), trace.Messages.Counts.Where(c => c.Key != MessageKind.Heartbeat).Sum(c => c.Value))
            : throw new FigureException($"A run of {nodes} nodes that crash at {rate:0 %} a round committed {committed} of {Rounds} rounds: {outcome.Reason}");
    }
}
