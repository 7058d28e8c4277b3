namespace DemoFl.Node;

/// <summary>
/// The server and this node cannot work together, and trying again would not help: wrong key, unknown token, a job this node's owner does
/// not accept. The text says what and what to do.
/// </summary>
public sealed class NodeRefusedException : Exception
{
    /// <inheritdoc/>
    public NodeRefusedException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public NodeRefusedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
