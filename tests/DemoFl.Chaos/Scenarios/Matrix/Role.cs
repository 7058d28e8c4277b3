namespace DemoFl.Chaos.Scenarios.Matrix;

/// <summary>Who is killed.</summary>
internal enum Role
{
    /// <summary>A node that does not lead.</summary>
    Party,

    /// <summary>One of the leaders.</summary>
    Leader,

    /// <summary>All of them, at once.</summary>
    AllLeaders,

    /// <summary>The server.</summary>
    Server,
}
