using System.Threading.Channels;
using DemoFl.Protocol;

namespace DemoFl.Relay.Sessions;

/// <summary>
/// One heartbeat call of a session: the beats that wait for it, and which answers belong to them. A beat that does not get through is simply not
/// answered. Thread-safe.
/// </summary>
/// <param name="lastSent">The highest beat of the session's earlier calls: what answers one of those is late, and no forgery.</param>
internal sealed class Heart(ulong lastSent = 0)
{
    /// <summary>Beats that may wait; when more come, the oldest goes, which nobody waits for any more.</summary>
    public const int MaxQueuedBeats = 4;

    private readonly Lock _gate = new();
    private readonly Channel<ServerMessage.Beat> _beats = Channel.CreateBounded<ServerMessage.Beat>(
        new BoundedChannelOptions(MaxQueuedBeats) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private ulong _lastSent = lastSent;
    private ulong _lastAnswered = lastSent;

    public ChannelReader<ServerMessage.Beat> Beats => _beats.Reader;

    public void Send(ServerMessage.Beat beat)
    {
        lock (_gate)
        {
            _lastSent = Math.Max(_lastSent, beat.Number);
        }

        _beats.Writer.TryWrite(beat);
    }

    public ulong LastSent
    {
        get
        {
            lock (_gate)
            {
                return _lastSent;
            }
        }
    }

    /// <summary>Whether this answers a beat that was sent and not answered yet; each beat and those before it are answered once.</summary>
    public bool Takes(NodeMessage.BeatAnswered answer)
    {
        lock (_gate)
        {
            if (answer.Number <= _lastAnswered || answer.Number > _lastSent)
            {
                return false;
            }

            _lastAnswered = answer.Number;
            return true;
        }
    }

    /// <summary>Ends the call.</summary>
    public void Stop() => _beats.Writer.TryComplete();
}
