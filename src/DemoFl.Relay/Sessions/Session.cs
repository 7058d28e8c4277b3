using System.Security.Cryptography;
using System.Threading.Channels;
using DemoFl.Protocol;
using DemoFl.V1;

namespace DemoFl.Relay.Sessions;

/// <summary>One node's presence: who it proved to be, and the frames that wait for its control stream.</summary>
internal sealed class Session
{
    /// <summary>Frames a slow control stream may fall behind before the node is disconnected.</summary>
    public const int MaxQueuedFrames = 1024;

    /// <summary>The length of the token that names a session on a node's other streams.</summary>
    public const int TokenBytes = 32;

    private static long _lastNumber;

    private readonly Lock _gate = new();

    private readonly Channel<ServerFrame> _outbox = Channel.CreateBounded<ServerFrame>(
        new BoundedChannelOptions(MaxQueuedFrames) { SingleReader = true });

    private volatile Heart? _heart;
    private bool _closed;

    public Session(NodeId node, Credentials credentials, Incarnation incarnation, bool canLead)
    {
        (Node, Credentials, Incarnation, CanLead) = (node, credentials, incarnation, canLead);
        Token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
    }

    public NodeId Node { get; }

    /// <summary>Tells this connection from the node's others.</summary>
    public long Number { get; } = Interlocked.Increment(ref _lastNumber);

    public Credentials Credentials { get; }

    /// <summary>Address and port of its control stream in gRPC's notation, and the address alone; empty until it is admitted.</summary>
    public (string Peer, string Address) From { get; set; } = ("", "");

    public Incarnation Incarnation { get; }

    public bool CanLead { get; }

    /// <summary>How far the run has come by the word of this server that the node has, or null.</summary>
    public Protocol.RunHead? Head { get; set; }

    /// <summary>A bearer secret: travels only to the node itself, under TLS or on loopback.</summary>
    public string Token { get; }

    public ChannelReader<ServerFrame> Outbox => _outbox.Reader;

    /// <summary>Queues a frame; a node that has fallen too far behind is closed instead.</summary>
    public void Send(ServerFrame frame)
    {
        if (!_outbox.Writer.TryWrite(frame))
        {
            Close();
        }
    }

    /// <summary>Sends a beat, if the node has a heartbeat call open.</summary>
    public void Send(ServerMessage.Beat beat) => _heart?.Send(beat);

    /// <summary>Begins a heartbeat call; an earlier one, whose connection may have broken unnoticed, ends.</summary>
    public Heart OpenHeart()
    {
        Heart heart;
        lock (_gate)
        {
            heart = new Heart(_heart?.LastSent ?? 0);
            _heart?.Stop();
            _heart = heart;
            if (_closed)
            {
                heart.Stop();
            }
        }

        return heart;
    }

    /// <summary>Ends the control stream once what is queued has been sent, and the heartbeat call.</summary>
    public void Close()
    {
        _outbox.Writer.TryComplete();
        lock (_gate)
        {
            _closed = true;
            _heart?.Stop();
        }
    }

    /// <summary>Name and id; never the token.</summary>
    public override string ToString() => $"{Credentials.Name}-{Node}";
}
