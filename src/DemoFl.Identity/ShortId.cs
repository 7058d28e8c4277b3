namespace DemoFl.Identity;

/// <summary>The form of an identity that people read: "alice-1a2b3c4d". Not unique enough to decide anything by.</summary>
public static class ShortId
{
    private const int PrefixSize = 4;

    /// <summary>The name, a hyphen, and the first 8 hex digits of the id.</summary>
    /// <exception cref="ArgumentException">The id has fewer than 4 bytes.</exception>
    public static string Of(string name, ReadOnlySpan<byte> id)
    {
        if (id.Length < PrefixSize)
        {
            throw new ArgumentException($"An id has at least {PrefixSize} bytes, not {id.Length}.", nameof(id));
        }

        return $"{name}-{Convert.ToHexStringLower(id[..PrefixSize])}";
    }
}
