namespace DemoFl.Chaos.Network;

/// <summary>Which way packets are lost between the server and a node.</summary>
[Flags]
internal enum Cut
{
    /// <summary>None is.</summary>
    None = 0,

    /// <summary>What the node sends.</summary>
    TowardsServer = 1,

    /// <summary>What the server sends.</summary>
    TowardsNode = 2,

    /// <summary>All.</summary>
    BothWays = TowardsServer | TowardsNode,
}
