namespace Grpc.Core.Wire;

/// <summary>Metadata to header values and back: bytes travel as base64, several values of a key may be joined by commas.</summary>
internal static class MetadataWire
{
    /// <summary>The headers on the wire; base64 without padding, as the protocol asks. Reserved names are left out.</summary>
    /// <exception cref="ArgumentException">A text has characters that no header can carry.</exception>
    public static IEnumerable<(string Name, string Value)> Encode(Metadata metadata) =>
        metadata.Where(entry => !GrpcHeaders.IsReserved(entry.Key)).Select(entry => (entry.Key, Encode(entry)));

    /// <summary>Adds one received header unless it belongs to the protocol or is no metadata.</summary>
    /// <exception cref="RpcException">A binary value is no base64.</exception>
    public static void AddReceived(Metadata metadata, string name, string value)
    {
        if (GrpcHeaders.IsReserved(name) || !Metadata.Entry.IsKey(name)) return;
        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            metadata.Add(name, value);
            return;
        }

        foreach (var part in value.Split(','))
            metadata.Add(name, FromBase64(name, part.Trim()));
    }

    private static string Encode(Metadata.Entry entry)
    {
        if (entry.IsBinary) return Convert.ToBase64String(entry.ValueBytes).TrimEnd('=');
        if (entry.Value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            throw new ArgumentException($"The value of '{entry.Key}' is not printable ASCII; keys that end in -bin carry bytes.");
        return entry.Value;
    }

    private static byte[] FromBase64(string name, string text)
    {
        try
        {
            return Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The value of '{name}' is no base64."));
        }
    }
}
