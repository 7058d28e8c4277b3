using DemoFl.Learning;
using DemoFl.Node;
using DemoFl.Protocol;

namespace DemoFl.Figures.RoundTime;

/// <summary>The embedded trainer, with the moments of its work. <paramref name="cores"/> lets as many train at once as the machine has cores.</summary>
internal sealed class TimedTrainer(string name, Dataset data, SemaphoreSlim cores, PhaseClock clock) : ITrainer, IDisposable
{
    private readonly SemaphoreSlim _own = new(1);
    private EmbeddedTrainer? _trainer;

    public string Name => name;

    private EmbeddedTrainer Trainer => _trainer ??= new EmbeddedTrainer(name, data, _own);

    public Task<string?> ObjectionAsync(JobTerms job, CancellationToken cancellation) => Trainer.ObjectionAsync(job, cancellation);

    public async Task<TrainingResult> TrainAsync(Memory<float> parameters, RoundSpec spec, CancellationToken cancellation)
    {
        clock.Reach(name, spec.Round, Moment.Fetched);
        await cores.WaitAsync(cancellation);
        try
        {
            clock.Reach(name, spec.Round, Moment.TrainingBegins);
            return await Trainer.TrainAsync(parameters, spec, cancellation);
        }
        finally
        {
            clock.Reach(name, spec.Round, Moment.TrainingEnds);
            cores.Release();
        }
    }

    public void Dispose() => _own.Dispose();
}
