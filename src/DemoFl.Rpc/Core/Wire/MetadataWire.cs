namespace Grpc.Core.Wire;

/// <summary>Metadata to header values and back: bytes travel as base64, several values of a key may be joined by commas.</summary>
internal static class MetadataWire
{
    /// <summary>The value on the wire; base64 without padding, as the protocol asks.</summary>
    public static string Encode(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes).TrimEnd('=') : entry.Value;

    /// <summary>Adds one received header unless it belongs to the protocol.</summary>
    /// <exception cref="FormatException">A binary value is no base64.</exception>
    public static void AddReceived(Metadata metadata, string name, string value)
    {
        if (GrpcHeaders.IsReserved(name)) return;
        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            metadata.Add(name, value);
            return;
        }

        foreach (var part in value.Split(','))
            metadata.Add(name, FromBase64(part.Trim()));
    }

    private static byte[] FromBase64(string text) => Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
}
