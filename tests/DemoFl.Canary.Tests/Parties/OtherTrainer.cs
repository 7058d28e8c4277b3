using DemoFl.Learning;
using DemoFl.Node;
using DemoFl.Protocol;

namespace DemoFl.Canary.Tests.Parties;

/// <summary>Makes a random update in each round, when it is let.</summary>
internal sealed class OtherTrainer(SemaphoreSlim turns) : ITrainer
{
    public Task<string?> ObjectionAsync(JobTerms job, CancellationToken cancellation) => Task.FromResult<string?>(null);

    public async Task<TrainingResult> TrainAsync(Memory<float> parameters, RoundSpec spec, CancellationToken cancellation)
    {
        await turns.WaitAsync(cancellation);
        RandomUpdate.AddTo(parameters.Span);
        return RandomUpdate.Result(spec);
    }
}
