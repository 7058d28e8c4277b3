using DemoFl.Protocol;

namespace DemoFl.Relay.Coordination;

/// <summary>Keeps the observer's promise: events come from the loop and reports from evaluations, but never two at once.</summary>
internal sealed class OneAtATime(IRunObserver observer) : IRunObserver
{
    private readonly Lock _gate = new();

    public void On(CoordinatorEvent happened)
    {
        lock (_gate)
        {
            observer.On(happened);
        }
    }

    public void On(RoundReport report)
    {
        lock (_gate)
        {
            observer.On(report);
        }
    }
}
