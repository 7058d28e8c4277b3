namespace DemoFl.Node;

/// <summary>
/// A trainer of the owner's did not deliver. The text may quote the trainer, which may quote the owner's data: it is for this node's log, and never
/// for the server.
/// </summary>
public sealed class TrainerException : Exception
{
    /// <inheritdoc/>
    public TrainerException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public TrainerException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
