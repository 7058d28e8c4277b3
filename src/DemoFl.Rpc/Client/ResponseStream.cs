using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>The caller's view of a stream of responses.</summary>
internal sealed class ResponseStream<TRequest, TResponse>(HttpCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private int _reading;
    private TResponse? _current;

    public TResponse Current => _current ?? throw new InvalidOperationException("There is no current message.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
            throw new InvalidOperationException("Can't read the next message because the previous read is still in progress.");

        try
        {
            using var registration = cancellationToken.UnsafeRegister(
                static state => ((HttpCall<TRequest, TResponse>)state!).Cancel(), call);
            _current = null;
            _current = await call.ReadAsync();
            return _current is not null;
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}
