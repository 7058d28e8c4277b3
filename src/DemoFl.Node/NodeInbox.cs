using System.Threading.Channels;
using DemoFl.Protocol;
using Grpc.Core;

namespace DemoFl.Node;

/// <summary>
/// What waits for a node's loop, in the order in which it is taken: what the loop owes itself, a deadline that has passed, beats, and the mail.
/// Thread-safe for writers; one reader.
/// </summary>
internal sealed class NodeInbox(TimeProvider clock)
{
    private const int MailCapacity = 65_536;

    /// <summary>Beats that may wait; when more come, the oldest goes.</summary>
    private const int BeatCapacity = 8;

    private readonly Queue<NodeInput> _own = new();
    private readonly Channel<object> _mail = Channel.CreateBounded<object>(new BoundedChannelOptions(MailCapacity) { SingleReader = true });
    private readonly Channel<ServerMessage.Beat> _beats = Channel.CreateBounded<ServerMessage.Beat>(
        new BoundedChannelOptions(BeatCapacity) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Makes the reader look around. Says nothing by itself.</summary>
    public static object Nudge { get; } = new();

    /// <summary>Called by the loop alone: it does not go through the mail, where, waiting for room, the loop would wait for itself.</summary>
    public void Owe(NodeInput input) => _own.Enqueue(input);

    /// <summary>Waits for room. What comes after the session's end is dropped: nobody waits for it any more.</summary>
    public async ValueTask PostAsync(NodeInput input)
    {
        try
        {
            await _mail.Writer.WriteAsync(input);
        }
        catch (ChannelClosedException)
        {
            // The session is over.
        }
    }

    /// <summary>A beat does not queue behind the mail: a leader with much to do is alive, one whose loop is stuck is not.</summary>
    public void Post(ServerMessage.Beat beat)
    {
        _beats.Writer.TryWrite(beat);

        // A reader that waits, waits for mail; where there is no room for this, it is not waiting.
        _mail.Writer.TryWrite(Nudge);
    }

    /// <summary>Moves a stream into the mail; its end is the mail's.</summary>
    public async Task PumpAsync<T>(IAsyncStreamReader<T> stream, CancellationToken cancellation)
        where T : class
    {
        try
        {
            while (await stream.MoveNext(cancellation))
            {
                await _mail.Writer.WriteAsync(stream.Current, cancellation);
            }

            _mail.Writer.TryComplete();
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or IOException or ChannelClosedException)
        {
            _mail.Writer.TryComplete(e);
        }
    }

    /// <summary>The next item; a tick when <paramref name="deadline"/> comes first.</summary>
    /// <param name="deadline">On the clock, from <paramref name="started"/>.</param>
    /// <param name="started">The timestamp of zero.</param>
    /// <param name="cancellation">Gives the wait up.</param>
    /// <exception cref="ChannelClosedException">A stream has ended, and everything before that was taken.</exception>
    public async ValueTask<object> NextAsync(TimeSpan? deadline, long started, CancellationToken cancellation)
    {
        if (_own.TryDequeue(out var own))
        {
            return own;
        }

        // Time before mail: nobody can keep a deadline from passing by talking without end.
        if (deadline <= clock.GetElapsedTime(started))
        {
            return new NodeInput.Tick();
        }

        if (_beats.Reader.TryRead(out var beat))
        {
            return new NodeInput.FromServer(beat);
        }

        if (_mail.Reader.TryRead(out object? ready))
        {
            return ready;
        }

        return deadline is { } due ? await WaitAsync(due - clock.GetElapsedTime(started), cancellation) : await _mail.Reader.ReadAsync(cancellation);
    }

    private async ValueTask<object> WaitAsync(TimeSpan wait, CancellationToken cancellation)
    {
        if (wait <= TimeSpan.Zero)
        {
            return new NodeInput.Tick();
        }

        using var timer = new CancellationTokenSource(wait + TimeSpan.FromMilliseconds(1), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            return await _mail.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new NodeInput.Tick();
        }
    }
}
