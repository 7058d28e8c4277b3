using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DemoFl.Identity;
using DemoFl.Protocol;
using DemoFl.Wire;
using Grpc.Net.Client;

namespace DemoFl.Node.Connections;

/// <summary>
/// A process's connections to a server: one for control, one for vectors and envelopes, so that no model delays a word. Shared by the nodes
/// that the process hosts. Remembers the certificate that the server showed, for the channel binding. Thread-safe.
/// </summary>
public sealed class ServerConnection : IDisposable
{
    private const int StreamWindowBytes = 4 * 1024 * 1024;

    private readonly Uri _server;
    private readonly FederationTrust? _authority;
    private readonly X509Certificate2? _authorityCertificate;
    private Hash256 _binding;

    /// <summary>Prepares connections; nothing is sent yet.</summary>
    /// <param name="server">http or https.</param>
    /// <param name="tlsAuthority">The authority that signed the server's certificate, or null for the machine's own store.</param>
    public ServerConnection(Uri server, X509Certificate2? tlsAuthority)
    {
        (_server, _authorityCertificate) = (server, tlsAuthority);
        _authority = tlsAuthority is null ? null : new FederationTrust(tlsAuthority);
        Control = Open();
        Bulk = Open();
    }

    /// <summary>For control streams.</summary>
    public GrpcChannel Control { get; }

    /// <summary>For vectors and envelopes.</summary>
    public GrpcChannel Bulk { get; }

    /// <summary>SHA-256 of the server's certificate (RFC 5929, tls-server-end-point); zero in plaintext or before the first connection.</summary>
    public Hash256 Binding => _binding;

    /// <inheritdoc/>
    public void Dispose()
    {
        Control.Dispose();
        Bulk.Dispose();
    }

    private GrpcChannel Open()
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = StreamWindowBytes,
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = Accept },
        };
        return GrpcChannel.ForAddress(_server, new GrpcChannelOptions
        {
            HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = WireLimits.MaxMessageBytes, MaxSendMessageSize = WireLimits.MaxMessageBytes,
        });
    }

    private bool Accept(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (shown is not X509Certificate2 certificate)
        {
            return false;
        }

        bool trusted = _authority is null
            ? errors == SslPolicyErrors.None
            : _authority.JudgeServer(certificate, _server.Host, DateTimeOffset.UtcNow) is TrustDecision.Trusted
                || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && ChainsTo(certificate);
        if (trusted)
        {
            _binding = new Hash256(certificate.GetCertHash(HashAlgorithmName.SHA256));
        }

        return trusted;
    }

    /// <summary>A certificate of another kind of authority than ours: an ordinary chain to exactly the one that was named.</summary>
    private bool ChainsTo(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authorityCertificate!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(certificate);
    }
}
