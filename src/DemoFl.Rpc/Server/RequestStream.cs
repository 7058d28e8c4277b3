using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>The handler's view of a stream of requests.</summary>
internal sealed class RequestStream<T>(HttpServerCallContext call, RequestReader<T> reader) : IAsyncStreamReader<T>
    where T : class
{
    private int _reading;
    private bool _ended;
    private T? _current;

    public T Current => _current ?? throw new InvalidOperationException("There is no current message.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
            throw new InvalidOperationException("Can't read the next message because the previous read is still in progress.");

        try
        {
            if (_ended) return false;
            call.ThrowIfEnded();
            cancellationToken.ThrowIfCancellationRequested();

            _current = null;
            using var either = new EitherToken(call.CancellationToken, cancellationToken);
            _current = await reader.ReadAsync(either.Token);
            _ended = _current is null;
            return !_ended;
        }
        catch (OperationCanceledException)
            when (cancellationToken.IsCancellationRequested && !call.CancellationToken.IsCancellationRequested)
        {
            call.CutOff();
            throw;
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}
