using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DemoFl.Identity;

/// <summary>
/// Tokens that admit a node to a server. They never vouch for its key. The file keeps a SHA-256 per line in hex, never a token:
/// tokens are random, 256 bits, so their plain hash reveals nothing. Comparison takes the same time for every token.
/// </summary>
/// <remarks>
/// A token is for one node: the first that redeems it. A redeemed line also holds that node's id, so the same node may come back.
/// <code>
/// # comment
/// 9f86d081884c7d65...                          not used yet
/// 60303ae22b998861... 1a2b3c4d5e6f7081...      redeemed by the node with this id
/// </code>
/// Thread-safe; two processes must not share a file.
/// </remarks>
public sealed class JoinTokens
{
    /// <summary>The most tokens of a file.</summary>
    public const int MaxTokens = 4096;

    /// <summary>The longest token that is looked at, in characters.</summary>
    public const int MaxTokenLength = 128;

    /// <summary>The largest file, in bytes.</summary>
    public const int MaxFileSize = 1024 * 1024;

    private const string Prefix = "demofl-join-";
    private const int SecretSize = 32;
    private const int HashSize = SHA256.HashSizeInBytes;

    private readonly Lock _gate = new();
    private readonly string? _path;
    private readonly List<Line> _lines;

    private JoinTokens(List<Line> lines, string? path)
    {
        _lines = lines;
        _path = path;
    }

    /// <summary>Makes a new token: "demofl-join-" and 256 random bits in Base64url. Show it once, keep its <see cref="HashOf"/>.</summary>
    public static string Generate() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretSize));

    /// <summary>The line that a token has in the file: 64 hex digits.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Loads a token file. Redemptions are written back to it.</summary>
    /// <exception cref="IdentityFileException">The file is missing, too large or malformed; the message names the line.</exception>
    public static JoinTokens Load(string path)
    {
        try
        {
            return new JoinTokens(ParseLines(Encoding.UTF8.GetString(IdentityFile.Read(path, MaxFileSize))), path);
        }
        catch (FormatException cause)
        {
            throw new IdentityFileException(path, $"is not a valid token file. {cause.Message}", cause);
        }
    }

    /// <summary>Reads tokens from text. Redemptions stay in memory.</summary>
    /// <exception cref="FormatException">Names the first wrong line.</exception>
    public static JoinTokens Parse(string text) => new(ParseLines(text), path: null);

    /// <summary>Adds the hash of a token to a file, creating it with mode 0600 if there is none. Comments in it are kept.</summary>
    /// <exception cref="IdentityFileException">The file cannot be read or written, is malformed, or is full.</exception>
    public static void Append(string path, string token)
    {
        string before = "";
        if (File.Exists(path))
        {
            if (Load(path)._lines.Count >= MaxTokens)
            {
                throw new IdentityFileException(path, $"holds {MaxTokens} tokens already. Remove redeemed ones.");
            }

            before = Encoding.UTF8.GetString(IdentityFile.Read(path, MaxFileSize));
        }

        string separator = before.Length == 0 || before.EndsWith('\n') ? "" : "\n";
        Write(path, $"{before}{separator}{HashOf(token)}\n");
    }

    /// <summary>Whether the token is in the file and not redeemed yet.</summary>
    /// <param name="token">From an untrusted source.</param>
    public bool Admits(string token)
    {
        lock (_gate)
        {
            return Find(token) is { NodeId: null };
        }
    }

    /// <summary>Uses up a token for a node that has proven its id. A node may redeem its own token again; nobody else may.</summary>
    /// <param name="token">From an untrusted source.</param>
    /// <param name="nodeId">32 bytes.</param>
    /// <returns>Whether the node is admitted. When true, the redemption is in the file.</returns>
    /// <exception cref="ArgumentException">The id is not 32 bytes.</exception>
    /// <exception cref="IdentityFileException">The file cannot be written; the token is not used up.</exception>
    public bool Redeem(string token, ReadOnlySpan<byte> nodeId)
    {
        if (nodeId.Length != IdentityPublicKey.IdSize)
        {
            throw new ArgumentException($"An id has {IdentityPublicKey.IdSize} bytes, not {nodeId.Length}.", nameof(nodeId));
        }

        lock (_gate)
        {
            if (Find(token) is not { } line)
            {
                return false;
            }

            if (line.NodeId is not null)
            {
                return nodeId.SequenceEqual(line.NodeId);
            }

            line.NodeId = nodeId.ToArray();
            try
            {
                Save();
            }
            catch (IdentityFileException)
            {
                line.NodeId = null;
                throw;
            }

            return true;
        }
    }

    /// <summary>How many tokens there are; nothing secret.</summary>
    public override string ToString() => $"JoinTokens({_lines.Count})";

    private Line? Find(string token)
    {
        if (string.IsNullOrEmpty(token) || token.Length > MaxTokenLength)
        {
            return null;
        }

        Line? found = null;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        foreach (Line line in _lines)
        {
            // No early exit: the time must not tell how far the search went.
            found = CryptographicOperations.FixedTimeEquals(hash, line.Hash) ? line : found;
        }

        return found;
    }

    private void Save()
    {
        if (_path is not null)
        {
            Write(_path, string.Concat(_lines.Select(line => $"{line}\n")));
        }
    }

    private static void Write(string path, string text) =>
        IdentityFile.Write(path, Encoding.UTF8.GetBytes(text), IdentityFile.OwnerOnly, overwrite: true);

    private static List<Line> ParseLines(string text)
    {
        var lines = new List<Line>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            string[] words = raw.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (words.Length > 2 || !words.All(IsHash) || !seen.Add(words[0].ToLowerInvariant()) || lines.Count == MaxTokens)
            {
                // The line is not quoted: a token pasted in place of its hash must not reach a log.
                throw new FormatException(
                    $"Line {number}: expected the {2 * HashSize} hex digits of a token's SHA-256, once, then perhaps a node id; at most {MaxTokens} lines.");
            }

            lines.Add(new Line(Convert.FromHexString(words[0]), words.Length == 2 ? Convert.FromHexString(words[1]) : null));
        }

        return lines;
    }

    private static bool IsHash(string word) => word.Length == 2 * HashSize && word.All(char.IsAsciiHexDigit);

    private sealed class Line(byte[] hash, byte[]? nodeId)
    {
        public byte[] Hash { get; } = hash;

        public byte[]? NodeId { get; set; } = nodeId;

        public override string ToString() =>
            NodeId is null ? Convert.ToHexStringLower(Hash) : $"{Convert.ToHexStringLower(Hash)} {Convert.ToHexStringLower(NodeId)}";
    }
}
