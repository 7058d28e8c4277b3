using DemoFl.Protocol;

namespace DemoFl.Relay;

/// <summary>Watches a run. Called from the coordinator's loop, one call at a time; must return quickly and not throw.</summary>
public interface IRunObserver
{
    /// <summary>The machine reports an event.</summary>
    void On(CoordinatorEvent happened);

    /// <summary>A committed round has been evaluated.</summary>
    void On(RoundReport report);
}
