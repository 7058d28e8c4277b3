namespace Grpc.Core;

/// <summary>Reads a stream of messages, one at a time.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message last read. Throws before the first and after the last.</summary>
    T Current { get; }

    /// <summary>
    /// Reads the next message: false at the end of the stream. Cancellation ends the whole call. Throws
    /// <see cref="RpcException"/> when the call failed and <see cref="InvalidOperationException"/> when the previous
    /// read is still in progress.
    /// </summary>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}
