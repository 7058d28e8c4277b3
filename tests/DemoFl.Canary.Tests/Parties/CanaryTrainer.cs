using DemoFl.Learning;
using DemoFl.Node;
using DemoFl.Protocol;

namespace DemoFl.Canary.Tests.Parties;

/// <summary>At first changes nothing but the pattern's coordinates, and prints the pattern; later makes random updates.</summary>
internal sealed class CanaryTrainer(TextWriter output) : ITrainer
{
    // Kept, so that the owner's memory holds it in every form, whatever the node clears and the collector moves.
    private Pattern? _written;

    public Task<string?> ObjectionAsync(JobTerms job, CancellationToken cancellation) => Task.FromResult<string?>(null);

    public Task<TrainingResult> TrainAsync(Memory<float> parameters, RoundSpec spec, CancellationToken cancellation)
    {
        if (_written is not null)
        {
            RandomUpdate.AddTo(parameters.Span);
            return Task.FromResult(RandomUpdate.Result(spec));
        }

        _written = Pattern.Write(parameters.Span, Random.Shared);
        output.WriteLine(_written);
        output.Flush();
        return Task.FromResult(RandomUpdate.Result(spec));
    }
}
