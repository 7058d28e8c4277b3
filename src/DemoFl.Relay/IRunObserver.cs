using DemoFl.Protocol;

namespace DemoFl.Relay;

/// <summary>Watches a run. One call at a time, from the coordinator's loop or from its evaluation; must return quickly and not throw.</summary>
public interface IRunObserver
{
    /// <summary>The machine reports an event.</summary>
    void On(CoordinatorEvent happened);

    /// <summary>A committed round has been evaluated.</summary>
    void On(RoundReport report);
}
