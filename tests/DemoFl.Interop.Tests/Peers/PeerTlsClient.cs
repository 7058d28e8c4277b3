using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DemoFl.Interop.Tests.Peers;

/// <summary>What the peer's client found when it ran its cases of TLS against our server.</summary>
public sealed class PeerTlsClient<TPeer> : IAsyncLifetime
    where TPeer : Peer, new()
{
    /// <summary>What it found; without cases where the peer is missing.</summary>
    public CaseOutcomes Outcomes { get; private set; } = new(new Dictionary<string, string?>());

    public async Task InitializeAsync()
    {
        using var peer = new TPeer();
        if (peer.Missing is not null) return;

        using var authority = new TestAuthority();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var mode in new[] { ClientCertificateMode.NoCertificate, ClientCertificateMode.RequireCertificate })
            {
                kestrel.Listen(IPAddress.Loopback, 0, listen =>
                {
                    listen.Protocols = HttpProtocols.Http2;
                    listen.UseHttps(https =>
                    {
                        https.ServerCertificate = authority.Server;
                        https.ClientCertificateMode = mode;
                        https.ClientCertificateValidation = (presented, _, _) => IsVouchedFor(authority, presented);
                    });
                });
            }
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<InteropService>();
        await using var app = builder.Build();
        app.MapGrpcService<InteropService>();
        await app.StartAsync();
        Outcomes = await peer.RunClientAsync("tls_client", [.. app.Urls.Select(url => new Uri(url).Authority), authority.Folder]);
        await app.StopAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static bool IsVouchedFor(TestAuthority authority, X509Certificate2 presented)
    {
        using var chain = new X509Chain { ChainPolicy = authority.CreatePolicy() };
        return chain.Build(presented);
    }
}
