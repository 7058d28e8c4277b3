using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>Holds the training of one round, and of none before it, until a test lets go.</summary>
internal sealed class Gate(Round held)
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _open.TrySetResult();

    public StubTrainer Trainer() => new(async (spec, parameters, cancellation) =>
    {
        if (spec.Round >= held)
        {
            await _open.Task.WaitAsync(cancellation);
        }

        StubTrainer.Move(spec.Round, parameters.Span, (_, _) => 0.01f);
        return StubTrainer.Result(100);
    });
}
