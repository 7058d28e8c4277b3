using DemoFl.Relay.Peers;
using DemoFl.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace DemoFl.Relay.Hosting;

/// <summary>Listeners and their limits. HTTP/2 alone on the gRPC port: without TLS one port cannot speak both versions.</summary>
internal static class KestrelSetup
{
    /// <summary>Connections that are just being refused by the gate, and told to the audit, before Kestrel would turn them away in silence.</summary>
    private const int ConnectionsBeingRefused = 256;

    private const int GrpcPrefixBytes = 5;

    public static void Apply(IWebHostBuilder host, ServerSettings settings) => host.UseKestrelCore().UseKestrelHttpsConfiguration()
        .ConfigureServices(services => services.AddSingleton<IMemoryPoolFactory<byte>, BlockPool>())
        .ConfigureKestrel(kestrel =>
        {
            Limit(kestrel.Limits, settings.Limits);
            Listen(kestrel, settings);
        });

    private static void Listen(KestrelServerOptions kestrel, ServerSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Listen(settings.Address, settings.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            Through(listen, (gate, connection, next) => gate.RunGrpcAsync(connection, next));
            if (settings.Certificate is { } certificate)
            {
                Through(listen, (gate, connection, next) => gate.RunUnshakenAsync(connection, next));
                listen.UseHttps(certificate, tls => tls.HandshakeTimeout = settings.Limits.TlsHandshakeDeadline);
                listen.Use(next => connection => ConnectionGate.RunShakenAsync(connection, next));
            }
        });
        if (settings.HttpPort is { } port)
        {
            kestrel.Listen(settings.Address, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                Through(listen, (gate, connection, next) => gate.RunPagesAsync(connection, next));
            });
        }
    }

    private static void Through(ListenOptions listen, Func<ConnectionGate, ConnectionContext, ConnectionDelegate, Task> middleware) => listen.Use(next =>
    {
        var gate = listen.ApplicationServices.GetRequiredService<ConnectionGate>();
        return connection => middleware(gate, connection, next);
    });

    /// <summary>
    /// For both ports. Streams of gRPC lift the limits on a body's size and pace for themselves: each of their messages has its own limit, and
    /// each read and write its own deadline.
    /// </summary>
    private static void Limit(KestrelServerLimits kestrel, HostLimits limits)
    {
        kestrel.MaxConcurrentConnections = limits.MaxConnections + limits.MaxPageConnections + ConnectionsBeingRefused;
        kestrel.MaxConcurrentUpgradedConnections = 0;
        kestrel.MaxRequestBodySize = WireLimits.MaxMessageBytes + GrpcPrefixBytes;
        kestrel.MaxRequestLineSize = limits.MaxRequestLineBytes;
        kestrel.MaxRequestHeadersTotalSize = limits.MaxHeadersBytes;
        kestrel.MaxRequestHeaderCount = limits.MaxHeaders;
        kestrel.RequestHeadersTimeout = limits.RequestHeadersDeadline;
        kestrel.KeepAliveTimeout = limits.KeepAlive;
        kestrel.MinRequestBodyDataRate = new MinDataRate(limits.MinBytesPerSecond, limits.RateGrace);

        // On HTTP/2 it would end a connection for one slow stream among many; pages ask for it themselves.
        kestrel.MinResponseDataRate = null;
        kestrel.Http2.MaxStreamsPerConnection = limits.MaxStreamsPerConnection;
        kestrel.Http2.MaxFrameSize = limits.MaxFrameBytes;
        kestrel.Http2.HeaderTableSize = limits.HeaderTableBytes;
        kestrel.Http2.MaxRequestHeaderFieldSize = limits.MaxHeadersBytes;
        kestrel.Http2.InitialStreamWindowSize = limits.StreamWindowBytes;
        kestrel.Http2.InitialConnectionWindowSize = limits.ConnectionWindowBytes;
        kestrel.Http2.KeepAlivePingDelay = limits.Ping;
        kestrel.Http2.KeepAlivePingTimeout = limits.Ping;
    }
}
