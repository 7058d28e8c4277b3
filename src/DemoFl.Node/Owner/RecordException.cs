namespace DemoFl.Node.Owner;

/// <summary>
/// What a node's owner would want written down cannot be: the disk is full or read-only, or another process has the folder. What was to be
/// recorded must not be sent. The text says what and what to do.
/// </summary>
public sealed class RecordException : IOException
{
    /// <inheritdoc/>
    public RecordException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public RecordException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Whether a file or folder did not let itself be written. A file that may not grow further is an argument out of range to .NET.</summary>
    internal static bool IsDenial(Exception e) => e is IOException and not RecordException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    internal static RecordException Of(string folder, Exception cause) => new(
        $"Nothing can be written in {folder}: {cause.Message.TrimEnd('.')}. What cannot be recorded is not sent: free some space or make the folder writable, or start the node with --no-log.",
        cause);
}
