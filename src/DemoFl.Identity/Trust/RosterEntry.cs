namespace DemoFl.Identity;

/// <summary>One line of a roster: a name and the key it stands for.</summary>
/// <param name="Name">A <see cref="NodeName"/>.</param>
/// <param name="PublicKey">The encoded key, 91 bytes (<see cref="IdentityPublicKey"/>).</param>
/// <param name="IsServer">Whether the key signs for the server. A server's key never passes as a node's.</param>
public sealed record RosterEntry(string Name, ReadOnlyMemory<byte> PublicKey, bool IsServer = false)
{
    /// <summary>Equality of contents, not of the memory they lie in.</summary>
    public bool Equals(RosterEntry? other) =>
        other is not null
        && Name == other.Name
        && IsServer == other.IsServer
        && PublicKey.Span.SequenceEqual(other.PublicKey.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Name);
        hash.Add(IsServer);
        hash.AddBytes(PublicKey.Span);
        return hash.ToHashCode();
    }

    /// <summary>The entry as a line of the roster file.</summary>
    public override string ToString() => $"{(IsServer ? "server" : "node")} {Name} {Convert.ToBase64String(PublicKey.Span)}";
}
