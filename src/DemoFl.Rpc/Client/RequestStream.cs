using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>The caller's way to write a stream of requests.</summary>
internal sealed class RequestStream<TRequest, TResponse>(
    HttpCall<TRequest, TResponse> call, RequestStreamContent content, Marshaller<TRequest> marshaller, MessageSerializer serializer)
    : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private int _writing;
    private bool _completed;

    public WriteOptions? WriteOptions { get; set; } = call.Options.WriteOptions;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        Enter("Can't write the message because the previous write is in progress.");
        try
        {
            if (_completed) throw new InvalidOperationException("Can't write the message because the stream of requests is complete.");
            if (call.HasEnded) throw NoLongerOpen();

            // A message cut off in the middle would spoil the stream, hence the whole call ends.
            using var registration = cancellationToken.UnsafeRegister(
                static state => ((HttpCall<TRequest, TResponse>)state!).Cancel(), call);
            using var buffer = new PooledBuffer();
            serializer.Write(marshaller, message, buffer, WriteOptions?.Flags ?? default);
            await SendAsync(buffer.WrittenMemory);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        Enter("Can't complete the stream of requests because the previous write is in progress.");
        _completed = true;
        content.End();
        Volatile.Write(ref _writing, 0);
        return Task.CompletedTask;
    }

    private void Enter(string refusal)
    {
        if (Interlocked.Exchange(ref _writing, 1) != 0) throw new InvalidOperationException(refusal);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> frame)
    {
        try
        {
            var stream = await content.Stream;
            await stream.WriteAsync(frame, call.Stopped);
            if (WriteOptions?.Flags.HasFlag(WriteFlags.BufferHint) != true) await stream.FlushAsync(call.Stopped);
        }
        catch (Exception) when (call.HasEnded)
        {
            throw NoLongerOpen();
        }
        catch (Exception exception)
            when (exception is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            // The server's own status may still be on its way to the reader, so the call does not end here.
            throw new RpcException(FailureStatus.Of(exception, "Error writing the request."));
        }
    }

    private Exception NoLongerOpen() =>
        call.FailureOrNull() as Exception ?? new InvalidOperationException("Can't write the message because the call is complete.");
}
