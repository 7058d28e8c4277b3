using System.Net;
using System.Net.Sockets;
using DemoFl.Chaos.Network;

namespace DemoFl.Chaos.Tests.Network;

/// <summary>A client and a server that talk through a proxy.</summary>
internal sealed class ProxiedPair : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private ProxiedPair()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Proxy = TcpFaultProxy.Start((IPEndPoint)_listener.LocalEndPoint!);
    }

    public TcpFaultProxy Proxy { get; }

    public Socket Client { get; private set; } = null!;

    public Socket Server { get; private set; } = null!;

    public static async Task<ProxiedPair> ConnectAsync()
    {
        var pair = new ProxiedPair();
        (pair.Client, pair.Server) = await pair.AnotherAsync();
        return pair;
    }

    public async Task<(Socket Client, Socket Server)> AnotherAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(Proxy.Address);
        return (client, await _listener.AcceptAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Server.Dispose();
        _listener.Dispose();
        await Proxy.DisposeAsync();
    }
}
