using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace DemoFl.Relay.Hosting;

/// <summary>Listeners and limits. HTTP/2 alone on the gRPC port: without TLS one port cannot speak both versions.</summary>
internal static class KestrelSetup
{
    /// <summary>A stream moves at most one window per round trip; Kestrel's default is made for short ones.</summary>
    private const int StreamWindowBytes = 4 * 1024 * 1024;

    private const int ConnectionWindowBytes = 16 * 1024 * 1024;
    private const int MaxStreamsPerConnection = 1000;

    public static void Apply(IWebHostBuilder host, ServerSettings settings) => host.UseKestrelCore().UseKestrelHttpsConfiguration()
        .ConfigureServices(services => services.AddSingleton<IMemoryPoolFactory<byte>, BlockPool>()).ConfigureKestrel(kestrel => Limit(kestrel, settings));

    private static void Limit(KestrelServerOptions kestrel, ServerSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
        kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(10);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        kestrel.Listen(settings.Address, settings.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (settings.Certificate is { } certificate)
            {
                listen.UseHttps(certificate);
            }
        });
        if (settings.HttpPort is { } port)
        {
            kestrel.Listen(settings.Address, port, listen => listen.Protocols = HttpProtocols.Http1);
        }
    }
}
