using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace DemoFl.Cli.Tests.Errors;

/// <summary>Shows a certificate to whoever connects, and says no more.</summary>
internal sealed class TlsStub : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    public TlsStub(X509Certificate2 certificate)
    {
        _listener.Start();
        _serving = ServeAsync(certificate);
    }

    public string Address => $"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync(X509Certificate2 certificate)
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate, ApplicationProtocols = [SslApplicationProtocol.Http2],
                });
                await tls.ReadExactlyAsync(new byte[1]);
            }
            catch (Exception e) when (e is AuthenticationException or IOException)
            {
                // The other end did not like what it saw.
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException)
            {
                // Stopped, before or while it waited.
                return;
            }
        }
    }
}
