namespace DemoFl.Protocol;

/// <summary>
/// What a node signs to prove its identity: the server's challenge, the TLS channel binding (SHA-256 of the server's certificate,
/// RFC 5929 tls-server-end-point; all zero on a plaintext loopback connection), and who it is.
/// </summary>
public sealed record JoinStatement(int ProtocolVersion, RunId Run, Hash256 Challenge, Hash256 ChannelBinding, NodeId Node, Incarnation Incarnation)
{
    /// <summary>The signature domain.</summary>
    public const string Domain = "join";

    /// <summary>The only protocol version so far.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The canonical bytes.</summary>
    public byte[] Statement() => new CanonicalWriter(Domain).Int32(ProtocolVersion).UInt128(Run.Value).Hash(Challenge)
        .Hash(ChannelBinding).Hash(Node.Value).UInt128(Incarnation.Value).ToArray();
}
