namespace DemoFl.Chaos.Network;

/// <summary>What happens to a node of a herd.</summary>
internal enum HerdEvent
{
    /// <summary>The server has admitted it.</summary>
    Joined,

    /// <summary>It has keys with all leaders.</summary>
    Keyed,

    /// <summary>It did not reach the server, and waits before it tries again.</summary>
    Retrying,
}
