using System.Globalization;
using System.Text;

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
        if (!text.Contains('%')) return text;

        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes([text[i]]));
            }
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
