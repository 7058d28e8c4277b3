using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DemoFl.Identity;
using DemoFl.Protocol;
using DemoFl.Wire;
using Grpc.Net.Client;

namespace DemoFl.Node.Connections;

/// <summary>
/// A process's connections to a server: one for control, one for heartbeats, one for vectors and envelopes, so that no model delays a word, and
/// nothing a beat. Shared by the nodes that the process hosts. Remembers the certificate that the server showed on the control connection, for the channel binding. Thread-safe.
/// </summary>
public sealed class ServerConnection : IDisposable
{
    private const int StreamWindowBytes = 4 * 1024 * 1024;

    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    private readonly Lock _gate = new();
    private readonly Uri _server;
    private readonly FederationTrust? _authority;
    private readonly X509Certificate2? _authorityCertificate;
    private BoundChannel _control;
    private bool _disposed;

    /// <summary>Prepares connections; nothing is sent yet.</summary>
    /// <param name="server">http or https.</param>
    /// <param name="tlsAuthority">The authority that signed the server's certificate, or null for the machine's own store.</param>
    public ServerConnection(Uri server, X509Certificate2? tlsAuthority)
    {
        (_server, _authorityCertificate) = (server, tlsAuthority);
        _authority = tlsAuthority is null ? null : new FederationTrust(tlsAuthority);
        _control = new BoundChannel(Open);
    }

    /// <summary>What is wrong with the certificate that the server showed last, as a sentence or two; null while there was nothing.</summary>
    public string? CertificateComplaint { get; private set; }

    /// <summary>For control streams.</summary>
    public GrpcChannel Control => Current.Channel;

    /// <summary>For vectors and envelopes.</summary>
    public GrpcChannel Bulk => Current.Bulk;

    /// <summary>
    /// SHA-256 of the server's certificate on the control connection (RFC 5929, tls-server-end-point); zero in plaintext or before the
    /// first connection.
    /// </summary>
    public Hash256 Binding => Current.Binding;

    /// <summary>The control channel and its certificate as one. After the server changed its certificate, a new one; streams on the old one end.</summary>
    internal BoundChannel Current
    {
        get
        {
            lock (_gate)
            {
                if (_control.IsOutdated && !_disposed)
                {
                    _control.Dispose();
                    _control = new BoundChannel(Open);
                }

                return _control;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _control.Dispose();
        }
    }

    private GrpcChannel Open(Func<X509Certificate2, bool> accept)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = StreamWindowBytes,
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, chain, errors) =>
                    shown is X509Certificate2 certificate && IsTrusted(certificate, chain, errors) && accept(certificate),
            },
        };
        var options = new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true };
        GrpcStack.Configure(options);
        return GrpcChannel.ForAddress(_server, options);
    }

    private bool IsTrusted(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        CertificateComplaint = _authority is null
            ? MachineComplaint(chain, errors)
            : _authority.JudgeServer(certificate, _server.DnsSafeHost, DateTimeOffset.UtcNow) is not TrustDecision.Refused refused ? null
            : (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && ChainsTo(certificate) ? null
            : refused.Reason;
        return CertificateComplaint is null;
    }

    /// <summary>What this machine's own store has against a certificate.</summary>
    private string? MachineComplaint(X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return null;
        }

        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            return $"The certificate of the server '{_server.DnsSafeHost}' is for another host.";
        }

        var flags = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        return $"This machine does not trust the certificate of the server '{_server.DnsSafeHost}' ({flags}).";
    }

    /// <summary>
    /// A certificate of another kind of authority than ours: an ordinary chain to exactly the one that was named. For servers only: a node's
    /// certificate, of the same authority and perhaps with a host's name, makes no server.
    /// </summary>
    private bool ChainsTo(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authorityCertificate!);
        chain.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(certificate);
    }
}
