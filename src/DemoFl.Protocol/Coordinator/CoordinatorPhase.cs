namespace DemoFl.Protocol;

/// <summary>Where a coordinator stands between its rounds.</summary>
public enum CoordinatorPhase
{
    /// <summary>Waits for enough nodes.</summary>
    Gathering,

    /// <summary>Waits for recommendations.</summary>
    Electing,

    /// <summary>Nodes agree keys with the leaders.</summary>
    Keying,

    /// <summary>A round is open.</summary>
    InRound,

    /// <summary>The run is over.</summary>
    Finished,
}
