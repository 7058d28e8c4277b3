using System.Collections.Concurrent;
using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>A trainer whose update a test chooses. Remembers which W_t it was given, and whether it was called twice at once.</summary>
internal sealed class StubTrainer(Func<RoundSpec, Memory<float>, CancellationToken, Task<TrainingResult>> train) : ITrainer
{
    private int _running;

    /// <summary>W_t by round.</summary>
    public ConcurrentDictionary<Round, float[]> Received { get; } = new();

    /// <summary>The round of every call, in order.</summary>
    public ConcurrentQueue<Round> Calls { get; } = new();

    /// <summary>Two calls overlapped.</summary>
    public bool Overlapped { get; private set; }

    /// <summary>Adds delta(round, i) to every parameter i.</summary>
    public static StubTrainer Moving(Func<Round, int, float> delta, long samples) => new((spec, parameters, _) =>
    {
        Move(spec.Round, parameters.Span, delta);
        return Task.FromResult(Result(samples));
    });

    public static void Move(Round round, Span<float> parameters, Func<Round, int, float> delta)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] += delta(round, i);
        }
    }

    public static TrainingResult Result(long samples) => new(samples, 0.5 * samples, samples / 2, samples);

    public Task<string?> ObjectionAsync(JobTerms job, CancellationToken cancellation) => Task.FromResult<string?>(null);

    public async Task<TrainingResult> TrainAsync(Memory<float> parameters, RoundSpec spec, CancellationToken cancellation)
    {
        Overlapped |= Interlocked.Increment(ref _running) > 1;
        try
        {
            Calls.Enqueue(spec.Round);
            Received[spec.Round] = parameters.ToArray();
            return await train(spec, parameters, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
