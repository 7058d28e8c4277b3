using System.Net;
using System.Net.Sockets;
using DemoFl.Rpc.Tests.Protos;
using Grpc.Net.Client;

namespace DemoFl.Rpc.Tests.Http2;

/// <summary>A listener on a free port of the loopback whose connections the test serves frame by frame, and a client of ours to it.</summary>
internal sealed class WireServer : IAsyncDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly GrpcChannel _channel;
    private readonly List<WireConnection> _connections = [];

    private WireServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");
        Client = new Echo.EchoClient(_channel);
    }

    public Echo.EchoClient Client { get; }

    public static WireServer Start() => new();

    /// <summary>Accepts the next connection; by default with settings sent and acknowledged.</summary>
    public async Task<WireConnection> AcceptAsync(bool sendSettings = true)
    {
        var connection = await WireConnection.AcceptAsync(_listener);
        _connections.Add(connection);
        if (sendSettings) await connection.SendAsync(FrameType.Settings, 0, 0, []);
        return connection;
    }

    /// <summary>Answers a stream with a message and OK.</summary>
    public static async Task RespondAsync(WireConnection connection, int stream, byte[] payload)
    {
        await connection.SendHeadersAsync(stream, end: false, (":status", "200"), ("content-type", "application/grpc"));
        await connection.SendAsync(FrameType.Body, 0, stream, RawRequests.Frame(0, payload.Length, payload));
        await connection.SendHeadersAsync(stream, end: true, ("grpc-status", "0"));
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        foreach (var connection in _connections)
            await connection.DisposeAsync();
        _listener.Dispose();
    }
}
