using Grpc.Core;

namespace DemoFl.Wire;

/// <summary>Reads and writes that do not wait for ever: a peer that stalls costs its own call and nothing else.</summary>
public static class TimedStreams
{
    /// <summary>How long a peer may take nothing, or send nothing where something is due.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Writes one message within <see cref="Patience"/>; a message that is not taken ends the call.</summary>
    /// <exception cref="RpcException">DeadlineExceeded: the peer took nothing.</exception>
    public static Task WriteInTimeAsync<T>(this IAsyncStreamWriter<T> stream, T message, CancellationToken cancellation) => InTimeAsync(
        async timer =>
        {
            await stream.WriteAsync(message, timer);
            return true;
        },
        "took", Patience, cancellation);

    /// <summary>Reads one message within <see cref="Patience"/>; false at the end of the stream.</summary>
    /// <exception cref="RpcException">DeadlineExceeded: the peer sent nothing.</exception>
    public static Task<bool> MoveNextInTimeAsync<T>(this IAsyncStreamReader<T> stream, CancellationToken cancellation) =>
        InTimeAsync(stream.MoveNext, "sent", Patience, cancellation);

    internal static async Task<bool> InTimeAsync(
        Func<CancellationToken, Task<bool>> work, string verb, TimeSpan patience, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(patience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            return await work(either.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException && late.IsCancellationRequested)
        {
            // Not by the caller's token: on a server, giving a read or write up resets the stream, and that cancels the call, too.
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"The other side {verb} nothing for {patience.TotalSeconds:0.###} s."));
        }
    }
}
