using System.Threading.Channels;
using Grpc.Core;

namespace DemoFl.Relay.Tests.Fixtures;

/// <summary>What a client sends, without a connection.</summary>
internal sealed class FakeRequests<T> : IAsyncStreamReader<T>
{
    private readonly Channel<T> _frames = Channel.CreateUnbounded<T>();

    public T Current { get; private set; } = default!;

    public void Send(T frame) => _frames.Writer.TryWrite(frame);

    public void End() => _frames.Writer.TryComplete();

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (!await _frames.Reader.WaitToReadAsync(cancellationToken))
        {
            return false;
        }

        Current = await _frames.Reader.ReadAsync(cancellationToken);
        return true;
    }
}

/// <summary>What the server answers, without a connection.</summary>
internal sealed class FakeResponses<T> : IServerStreamWriter<T>
{
    private readonly Channel<T> _frames = Channel.CreateUnbounded<T>();

    public WriteOptions? WriteOptions { get; set; }

    public ChannelReader<T> Frames => _frames.Reader;

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken) => _frames.Writer.WriteAsync(message, cancellationToken).AsTask();
}
