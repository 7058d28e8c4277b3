namespace DemoFl.Simulation;

/// <summary>When the server is to be killed next, by what it does.</summary>
internal sealed class CrashPlan
{
    private int? _steps;
    private bool _atWrite;

    /// <summary>Before its n-th effect, write or sync from now.</summary>
    public void After(int steps) => _steps = steps;

    /// <summary>Between its next write and the sync behind it.</summary>
    public void AtWrite() => _atWrite = true;

    public void Forget() => (_steps, _atWrite) = (null, false);

    /// <summary>One step further; true when this is where it ends. <paramref name="unsynced"/>: something is written and not synced.</summary>
    public bool Strikes(bool unsynced) => (unsynced && _atWrite) || _steps-- == 0;
}
