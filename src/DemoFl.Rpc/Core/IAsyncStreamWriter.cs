namespace Grpc.Core;

/// <summary>Writes a stream of messages, one at a time: the caller awaits each write before the next.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>How the next messages are written; null for the default.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>
    /// Writes a message; completes when the transport has taken it, which flow control may delay. Throws
    /// <see cref="InvalidOperationException"/> when the previous write is in progress or the stream has ended.
    /// </summary>
    Task WriteAsync(T message);

    /// <summary>As <see cref="WriteAsync(T)"/>, with a token. A write that is cut off ends the whole call.</summary>
    Task WriteAsync(T message, CancellationToken cancellationToken) => cancellationToken.CanBeCanceled
        ? throw new NotSupportedException("This writer takes no cancellation token.")
        : WriteAsync(message);
}
