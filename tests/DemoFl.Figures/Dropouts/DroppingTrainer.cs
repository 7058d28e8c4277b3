using DemoFl.Learning;
using DemoFl.Node;
using DemoFl.Protocol;

namespace DemoFl.Figures.Dropouts;

/// <summary>The embedded trainer of a party that drops out of a round with a given chance, which follows from its index, the round and the job's seed.</summary>
/// <param name="index">The party's.</param>
/// <param name="data">Its examples.</param>
/// <param name="rate">The chance.</param>
/// <param name="cores">Lets as many train at once as the machine has cores.</param>
internal sealed class DroppingTrainer(int index, Dataset data, double rate, SemaphoreSlim cores) : ITrainer, IDisposable
{
    private readonly SemaphoreSlim _own = new(1);
    private EmbeddedTrainer? _trainer;

    private EmbeddedTrainer Trainer => _trainer ??= new EmbeddedTrainer($"node-{index}", data, _own);

    /// <summary>Whether the party drops out of a round.</summary>
    public static bool DropsOut(int index, Round round, ulong seed, double rate) =>
        new SplitMix64((seed << 48) ^ (round.Value << 16) ^ (ulong)index).Below(100_000) < rate * 100_000;

    public Task<string?> ObjectionAsync(JobTerms job, CancellationToken cancellation) => Trainer.ObjectionAsync(job, cancellation);

    public async Task<TrainingResult> TrainAsync(Memory<float> parameters, RoundSpec spec, CancellationToken cancellation)
    {
        if (DropsOut(index, spec.Round, spec.Training.Seed, rate))
        {
            throw new TrainerException("dropped out");
        }

        await cores.WaitAsync(cancellation);
        try
        {
            return await Trainer.TrainAsync(parameters, spec, cancellation);
        }
        finally
        {
            cores.Release();
        }
    }

    public void Dispose() => _own.Dispose();
}
