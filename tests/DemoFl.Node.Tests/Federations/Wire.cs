using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace DemoFl.Node.Tests.Federations;

/// <summary>
/// A wire between nodes and a server that a test can cut. With a certificate of its own it is a man in the middle, who reads TLS from both sides.
/// </summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _ends = [];
    private readonly Uri _server;
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;
    private readonly List<Task> _pumping = [];

    public Wire(Uri server, X509Certificate2? certificate = null)
    {
        (_server, _certificate) = (server, certificate);
        _listener.Start();
        Address = new Uri($"{server.Scheme}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Cuts every connection; new ones go through.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _ends.ForEach(e => e.Close());
            _ends.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        await Task.WhenAll(_pumping);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _pumping.Add(ConnectAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }

    private async Task ConnectAsync(TcpClient node)
    {
        var server = new TcpClient { NoDelay = true };
        node.NoDelay = true;
        lock (_gate)
        {
            _ends.AddRange([node, server]);
        }

        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _server.Port, _stop.Token);
            Stream near = node.GetStream(), far = server.GetStream();
            if (_certificate is not null)
            {
                (near, far) = await InTheMiddleAsync(near, far);
            }

            await Task.WhenAny(near.CopyToAsync(far, _stop.Token), far.CopyToAsync(near, _stop.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException
            or System.Security.Authentication.AuthenticationException)
        {
            // Cut, or one side hung up; the other one is hung up on.
        }

        node.Close();
        server.Close();
    }

    private async Task<(Stream Near, Stream Far)> InTheMiddleAsync(Stream near, Stream far)
    {
        var toNode = new SslStream(near);
        await toNode.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = _certificate, ApplicationProtocols = [SslApplicationProtocol.Http2] }, _stop.Token);
        var toServer = new SslStream(far, false, (_, shown, _, _) => shown is not null);
        await toServer.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2] }, _stop.Token);
        return (toNode, toServer);
    }
}
