using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DemoFl.Identity;
using DemoFl.Protocol;
using DemoFl.Relay.Peers;

namespace DemoFl.Relay;

/// <summary>How a server listens, whom it trusts and where it keeps its run.</summary>
public sealed record ServerSettings
{
    /// <summary>Checkpoints kept besides the newest where nothing else is said.</summary>
    public const int DefaultOlderCheckpoints = 2;

    /// <summary>The address to listen on; the loopback address by default.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The gRPC port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The port of the HTTP/1.1 pages, a port of their own; 0 takes a free one, null has none.</summary>
    public int? HttpPort { get; init; }

    /// <summary>The TLS certificate with its key, or null for plaintext.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Plaintext beyond loopback, said in so many words.</summary>
    public bool Insecure { get; init; }

    /// <summary>The coordinator's signing key.</summary>
    public required IdentityKey Key { get; init; }

    /// <summary>The server's name.</summary>
    public string Name { get; init; } = "server";

    /// <summary>Which nodes belong.</summary>
    public required ITrustPolicy Trust { get; init; }

    /// <summary>Join tokens, or null when none are asked for.</summary>
    public JoinTokens? Tokens { get; init; }

    /// <summary>The run folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Go on with the run in the folder.</summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Bytes of received vectors kept in memory, 1 GiB by default; what comes beyond lies encrypted in the run folder until its round closes. 0
    /// keeps none in memory.
    /// </summary>
    public long VectorMemoryBudget { get; init; } = 1L << 30;

    /// <summary>Checkpoints kept besides the newest, 2 by default; null keeps every one.</summary>
    public int? OlderCheckpoints { get; init; } = DefaultOlderCheckpoints;

    /// <summary>What peers may take of the ports.</summary>
    internal HostLimits Limits { get; init; } = new();

    /// <summary>What a node's proof binds itself to: the hash of the server's certificate, or zero in plaintext.</summary>
    public Hash256 ChannelBinding => Certificate is null ? default : new Hash256(Certificate.GetCertHash(HashAlgorithmName.SHA256));

    /// <summary>What is wrong with these settings, one line each.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (Certificate is null && !IPAddress.IsLoopback(Address) && !Insecure)
        {
            errors.Add($"Plaintext on {Address} would show sessions to the network. Give --tls-cert and --tls-key, or say --insecure.");
        }

        if (Certificate is { HasPrivateKey: false })
        {
            errors.Add("The TLS certificate has no private key. Give --tls-key.");
        }

        if (Port is < 0 or > 65535)
        {
            errors.Add($"--port is {Port}; it must be 0 to 65535.");
        }

        if (HttpPort is < 0 or > 65535 || (HttpPort is > 0 && HttpPort == Port))
        {
            errors.Add($"--http-port is {HttpPort}; it must be 0 to 65535 and differ from --port.");
        }

        if (VectorMemoryBudget < 0)
        {
            errors.Add($"The memory budget for vectors is {VectorMemoryBudget} bytes; it must be 0 or more.");
        }

        if (OlderCheckpoints < 0)
        {
            errors.Add($"--keep-checkpoints is {OlderCheckpoints}; it must be 0 or more, or all.");
        }

        return errors;
    }
}
