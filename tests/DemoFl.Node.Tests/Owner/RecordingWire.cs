using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace DemoFl.Node.Tests.Owner;

/// <summary>
/// A wire between one node and a server that keeps every byte the node sends, and reads the gRPC messages out of it (HTTP/2, RFC 9113, in
/// plaintext): an account of what left that asks nothing of the node.
/// </summary>
internal sealed class RecordingWire : IAsyncDisposable
{
    private const int PrefaceBytes = 24;
    private const int FrameHeaderBytes = 9;
    private const int MessageHeaderBytes = 5;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _server;
    private readonly Lock _gate = new();
    private readonly List<MemoryStream> _sent = [];
    private readonly List<Task> _pumping = [];
    private readonly Task _accepting;

    public RecordingWire(Uri server)
    {
        _server = server;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Every gRPC message that the node has sent so far.</summary>
    public IReadOnlyList<byte[]> Messages()
    {
        lock (_gate)
        {
            return [.. _sent.SelectMany(s => StreamsOf(s.ToArray())).SelectMany(MessagesOf)];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_pumping);
        _stop.Dispose();
    }

    /// <summary>The DATA of each HTTP/2 stream of a connection.</summary>
    private static IEnumerable<byte[]> StreamsOf(byte[] connection)
    {
        var streams = new SortedDictionary<uint, MemoryStream>();
        for (int at = PrefaceBytes; at + FrameHeaderBytes <= connection.Length;)
        {
            int length = (connection[at] << 16) | (connection[at + 1] << 8) | connection[at + 2];
            bool isData = connection[at + 3] == 0;
            Assert.False(isData && (connection[at + 4] & 8) != 0, "A padded frame: this reader knows none.");
            uint stream = BinaryPrimitives.ReadUInt32BigEndian(connection.AsSpan(at + 5));
            at += FrameHeaderBytes;
            if (isData)
            {
                if (!streams.TryGetValue(stream, out var data))
                {
                    streams[stream] = data = new MemoryStream();
                }

                data.Write(connection, at, Math.Min(length, connection.Length - at));
            }

            at += length;
        }

        return streams.Values.Select(s => s.ToArray());
    }

    private static List<byte[]> MessagesOf(byte[] stream)
    {
        var messages = new List<byte[]>();
        for (int at = 0; at + MessageHeaderBytes <= stream.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(stream.AsSpan(at + 1));
            messages.Add(stream.AsSpan(at + MessageHeaderBytes, length).ToArray());
            at += MessageHeaderBytes + length;
        }

        return messages;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var node = await _listener.AcceptTcpClientAsync(_stop.Token);
                var sent = new MemoryStream();
                lock (_gate)
                {
                    _sent.Add(sent);
                }

                _pumping.Add(PumpAsync(node, sent));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PumpAsync(TcpClient node, MemoryStream sent)
    {
        using var near = node;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _server.Port, _stop.Token);
            await Task.WhenAny(ForwardAsync(near.GetStream(), far.GetStream(), sent), far.GetStream().CopyToAsync(near.GetStream(), _stop.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One side hung up; the other one is hung up on.
        }
    }

    private async Task ForwardAsync(NetworkStream near, NetworkStream far, MemoryStream sent)
    {
        byte[] buffer = new byte[64 * 1024];
        while (await near.ReadAsync(buffer, _stop.Token) is > 0 and var count)
        {
            lock (_gate)
            {
                sent.Write(buffer, 0, count);
            }

            await far.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }
}
