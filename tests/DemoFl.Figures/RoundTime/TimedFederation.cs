using DemoFl.Learning;
using DemoFl.Node;
using DemoFl.Protocol;
using DemoFl.Relay;
using DemoFl.Sharing;

namespace DemoFl.Figures.RoundTime;

/// <summary>A federation in this process, watched by a clock.</summary>
internal sealed class TimedFederation(IReadOnlyList<Dataset> parts, Model model) : IRunObserver
{
    private const ulong Seed = 1;

    /// <summary>Runs one job to its end.</summary>
    /// <exception cref="FigureException">It did not succeed.</exception>
    public async Task<IReadOnlyList<double[]>> RunAsync(Layout layout, int leaders, int rounds, CancellationToken cancellation)
    {
        using var clock = new PhaseClock();
        using var cores = new SemaphoreSlim(Environment.ProcessorCount);
        TimedTrainer[] trainers = [.. parts.Select((part, i) => new TimedTrainer($"node-{i + 1}", part, cores, clock))];
        try
        {
            await LocalFederation.RunAsync(
                JobOf(layout, leaders, rounds), trainers.ToDictionary(t => t.Name, ITrainer (t) => t), this, clock, PhaseClock.Start, cancellation);
            return clock.Phases();
        }
        finally
        {
            Array.ForEach(trainers, t => t.Dispose());
        }
    }

    public void On(CoordinatorEvent happened)
    {
        // The nodes are watched, not the server.
    }

    public void On(RoundReport report)
    {
        // Nothing is evaluated.
    }

    private Job JobOf(Layout layout, int leaders, int rounds)
    {
        var encoding = new EncodingRules(RingBits: 32, Clip: 0.5, MaxSampleCount: 1000, Lanes.LossFractionBits, Encoding.MinClip, Encoding.MaxClip);
        var training = new TrainingPlan(
            model.Name, model.Layout.Length, Epochs: 5, BatchSize: 10, LearningRate: 0.05, Momentum: 0, WeightDecay: 0, Seed);
        var rules = new CoordinatorRules(
            default, Math.Max(1, leaders), ElectionMode.First, ElectionWindow: TimeSpan.FromMilliseconds(500), KeyDeadline: TimeSpan.FromMinutes(5),
            MinimumNodes: parts.Count, Fraction: 1, KMin: 3, layout, encoding, training, UploadDeadline: LocalFederation.Patience,
            CloseDeadline: LocalFederation.Patience, rounds);
        return Job.Of($"round time, {layout}, {leaders}", model, Seed, rules);
    }
}
