namespace DemoFl.Protocol;

/// <summary>A node, identified by the SHA-256 of its public key.</summary>
public readonly record struct NodeId(Hash256 Value)
{
    /// <summary>The first 8 hex digits, for people.</summary>
    public override string ToString() => Value.ToString()[..8];
}
