using System.Diagnostics;

namespace DemoFl.Fuzz;

/// <summary>The fuzzing of several targets, turn by turn, each for its share of the time or its number of executions.</summary>
internal sealed class Campaign(IReadOnlyList<Target> targets, ulong seed, KeptCorpus kept, LastInput last)
{
    private static readonly TimeSpan TurnTime = TimeSpan.FromMilliseconds(250);

    private readonly TargetRun[] _runs = [.. targets.Select(t => new TargetRun(t, seed, last))];

    public IReadOnlyList<TargetRun> Runs => _runs;

    public IEnumerable<Find> Finds => _runs.SelectMany(r => r.Finds);

    /// <summary>So many executions of each target.</summary>
    public void Run(int executions, CancellationToken cancellation)
    {
        foreach (var run in _runs.TakeWhile(_ => !cancellation.IsCancellationRequested))
        {
            run.Begin(kept.Of(run.Target.Name));
            run.Step(executions);
        }
    }

    /// <summary>All targets until the time is over.</summary>
    public void Run(TimeSpan time, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        foreach (var run in _runs)
        {
            run.Begin(kept.Of(run.Target.Name));
        }

        while (!cancellation.IsCancellationRequested && Stopwatch.GetElapsedTime(started) < time)
        {
            foreach (var run in _runs)
            {
                Turn(run, started, time);
            }
        }
    }

    private static void Turn(TargetRun run, long started, TimeSpan time)
    {
        long turn = Stopwatch.GetTimestamp();
        while (run.Finds.Count < TargetRun.MaxFinds && Stopwatch.GetElapsedTime(turn) < TurnTime && Stopwatch.GetElapsedTime(started) < time)
        {
            run.Step(16);
        }
    }
}
