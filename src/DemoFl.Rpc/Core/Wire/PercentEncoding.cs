using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Grpc.Core.Wire;

/// <summary>The encoding of <c>grpc-message</c>: UTF-8 in which all but printable ASCII without '%' is <c>%XX</c>.</summary>
internal static class PercentEncoding
{
    /// <summary>Encodes a text.</summary>
    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%')) return text;

        var encoded = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= (byte)' ' and <= (byte)'~' and not (byte)'%') encoded.Append((char)b);
            else encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    /// <summary>Decodes a text; what is no valid <c>%XX</c> is kept as it is, for a status text must never be lost.</summary>
    public static string Decode(string text)
    {
        if (Ascii.IsValid(text) && !text.Contains('%')) return text;

        // HttpClient reads raw UTF-8 as Latin-1. What makes no UTF-8 that way was read rightly, by a handler that is told to, or is Latin-1.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff') && Unescape(text, Encoding.Latin1) is var bytes && Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        return Encoding.UTF8.GetString(Unescape(text, Encoding.UTF8));
    }

    private static byte[] Unescape(string text, Encoding raw)
    {
        var bytes = new MemoryStream(text.Length);
        var rest = 0;
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] != '%') continue;
            if (!byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) continue;
            bytes.Write(raw.GetBytes(text, rest, i - rest));
            bytes.WriteByte(value);
            rest = i + 3;
            i += 2;
        }

        bytes.Write(raw.GetBytes(text, rest, text.Length - rest));
        return bytes.ToArray();
    }
}
