using System.Security.Cryptography;

namespace DemoFl.Identity;

/// <summary>
/// The grammar of the token files: words of 64 hex digits, '#' begins a comment. A wrong line is named by its number and never quoted:
/// a token pasted in place of its hash must not reach a log.
/// </summary>
internal static class TokenText
{
    private const int WordLength = 2 * SHA256.HashSizeInBytes;

    /// <summary>Reads the operator's file: one hash a line, none twice.</summary>
    public static IReadOnlyList<byte[]> ParseHashes(string text)
    {
        var hashes = new List<byte[]>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((int line, string[] words) in Lines(text, wordsPerLine: 1))
        {
            if (!seen.Add(words[0]))
            {
                throw new FormatException($"Line {line}: the token is in the file already.");
            }

            hashes.Add(Convert.FromHexString(words[0]));
        }

        return hashes;
    }

    /// <summary>Reads the server's file: the hash of a token and the id of its node, a line each.</summary>
    public static SortedDictionary<string, byte[]> ParseRedeemed(string text)
    {
        var redeemed = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach ((int line, string[] words) in Lines(text, wordsPerLine: 2))
        {
            if (!redeemed.TryAdd(words[0], Convert.FromHexString(words[1])))
            {
                throw new FormatException($"Line {line}: the token is redeemed already.");
            }
        }

        return redeemed;
    }

    /// <summary>The server's file, as <see cref="ParseRedeemed"/> reads it.</summary>
    public static string Format(SortedDictionary<string, byte[]> redeemed) =>
        string.Concat(redeemed.Select(entry => $"{entry.Key} {Convert.ToHexStringLower(entry.Value)}\n"));

    private static IEnumerable<(int Line, string[] Words)> Lines(string text, int wordsPerLine)
    {
        string[] lines = text.Split('\n');
        int count = 0;
        for (int index = 0; index < lines.Length; index++)
        {
            string[] words = lines[index].Split('#')[0].ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (words.Length != wordsPerLine || !words.All(word => word.Length == WordLength && word.All(char.IsAsciiHexDigit)))
            {
                throw new FormatException($"Line {index + 1}: expected {wordsPerLine} word(s) of {WordLength} hex digits.");
            }

            if (++count > JoinTokens.MaxTokens)
            {
                throw new FormatException($"Line {index + 1}: a file has at most {JoinTokens.MaxTokens} tokens. Remove old ones.");
            }

            yield return (index + 1, words);
        }
    }
}
