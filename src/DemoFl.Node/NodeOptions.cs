using System.Security.Cryptography.X509Certificates;
using DemoFl.Identity;
using DemoFl.Node.Owner;
using DemoFl.Protocol;

namespace DemoFl.Node;

/// <summary>Who a node is, whom it trusts and what it brings.</summary>
public sealed record NodeOptions
{
    /// <summary>The server, http (loopback) or https.</summary>
    public required Uri Server { get; init; }

    /// <summary>The node's name.</summary>
    public required string Name { get; init; }

    /// <summary>The node's identity; owned by the caller.</summary>
    public required IdentityKey Key { get; init; }

    /// <summary>Which other nodes belong. Without a roster or a federation key the promises hold against a curious server only.</summary>
    public required ITrustPolicy Trust { get; init; }

    /// <summary>The training of this party's updates; owned by the caller.</summary>
    public required ITrainer Trainer { get; init; }

    /// <summary>The node's certificate, DER, where a federation key vouches for nodes.</summary>
    public ReadOnlyMemory<byte> Certificate { get; init; }

    /// <summary>The authority of the server's TLS certificate, or null for the machine's own store.</summary>
    public X509Certificate2? TlsAuthority { get; init; }

    /// <summary>Plaintext to a server beyond loopback, said in so many words.</summary>
    public bool Insecure { get; init; }

    /// <summary>The join token, if the server asks for one.</summary>
    public string Token { get; init; } = "";

    /// <summary>What the owner accepts.</summary>
    public NodePolicy Policy { get; init; } = new();

    /// <summary>What the owner's policy file says beyond that, or null without one.</summary>
    public OwnerRules? Owner { get; init; }

    /// <summary>Where everything that leaves this node is written down; null for nowhere. Owned by the caller, and this node's alone.</summary>
    public OwnerRecord? Record { get; init; }

    /// <summary>Whether this node may hold a slot; only one of the nodes of a process may.</summary>
    public bool CanLead { get; init; } = true;

    /// <summary>The life of this process; the same for all nodes it hosts.</summary>
    public required Incarnation Incarnation { get; init; }

    /// <summary>How long to keep trying to reach a server that does not answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What is wrong with these options, one line each.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (!NodeName.IsValid(Name))
        {
            errors.Add($"--name '{Name}' is not valid; use {NodeName.Rule}.");
        }

        if (Server.Scheme is not ("http" or "https"))
        {
            errors.Add($"--server {Server} must be an http:// or https:// address.");
        }
        else if (Server.Scheme == "http" && !Server.IsLoopback && !Insecure)
        {
            errors.Add($"--server {Server} is plaintext beyond this machine. Use https://, or say --insecure.");
        }

        return errors;
    }
}
