using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DemoFl.Protocol;
using Grpc.Net.Client;

namespace DemoFl.Node.Connections;

/// <summary>
/// A channel for control, one for heartbeats and one for bulk, all of whose connections show one certificate: the first one decides. Otherwise a middleman could
/// show its own on the connection that carries a proof, and let another one through to the server to have the proof bound to the server's; or
/// let control through and take the session's token from the other. Thread-safe.
/// </summary>
internal sealed class BoundChannel : IDisposable
{
    private readonly Lock _gate = new();
    private Hash256? _binding;
    private bool _sawAnother;

    public BoundChannel(Func<Func<X509Certificate2, bool>, GrpcChannel> open) =>
        (Channel, Heartbeat, Bulk) = (open(Accept), open(Accept), open(Accept));

    /// <summary>For control streams.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>For beats and their answers.</summary>
    public GrpcChannel Heartbeat { get; }

    /// <summary>For vectors and envelopes.</summary>
    public GrpcChannel Bulk { get; }

    /// <summary>SHA-256 of the certificate (RFC 5929, tls-server-end-point); zero in plaintext or before the first connection.</summary>
    public Hash256 Binding
    {
        get
        {
            lock (_gate)
            {
                return _binding ?? default;
            }
        }
    }

    /// <summary>The server has another certificate now: this channel makes no more connections.</summary>
    public bool IsOutdated
    {
        get
        {
            lock (_gate)
            {
                return _sawAnother;
            }
        }
    }

    public void Dispose()
    {
        Channel.Dispose();
        Heartbeat.Dispose();
        Bulk.Dispose();
    }

    /// <summary>Takes a certificate that is trusted as such.</summary>
    private bool Accept(X509Certificate2 certificate)
    {
        var shown = new Hash256(certificate.GetCertHash(HashAlgorithmName.SHA256));
        lock (_gate)
        {
            _binding ??= shown;
            _sawAnother |= _binding != shown;
            return _binding == shown;
        }
    }
}
