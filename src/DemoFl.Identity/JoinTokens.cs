using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DemoFl.Identity;

/// <summary>
/// Tokens that admit a node to a server, each for one node. They never vouch for its key. The file keeps the SHA-256 of a token per
/// line in hex ('#' begins a comment), never a token: tokens are 256 random bits, so their plain hash reveals nothing.
/// </summary>
/// <remarks>
/// Every file has one writer. The token file is its operator's: it may grow while the server runs and is read again when it has changed.
/// Redemptions go to a second file, the server's own: the same path with ".redeemed", lines of a token's hash and the id of the node
/// that used it up. Thread-safe; one server to a file.
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

    private readonly Lock _gate = new();
    private readonly string? _path;
    private readonly SortedDictionary<string, byte[]> _redeemed;
    private IReadOnlyList<byte[]> _hashes;
    private DateTime _readAt;

    private JoinTokens(
        IReadOnlyList<byte[]> hashes, SortedDictionary<string, byte[]> redeemed, string? path = null, DateTime readAt = default)
    {
        _hashes = hashes;
        _redeemed = redeemed;
        _path = path;
        _readAt = readAt;
    }

    /// <summary>Makes a new token: "demofl-join-" and 256 random bits in Base64url. Show it once, keep its <see cref="HashOf"/>.</summary>
    public static string Generate() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretSize));

    /// <summary>The line that a token has in the file: 64 hex digits.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Loads a token file and what was redeemed from it.</summary>
    /// <exception cref="IdentityFileException">A file is missing, too large or malformed; the message names the line.</exception>
    public static JoinTokens Load(string path)
    {
        DateTime readAt = File.GetLastWriteTimeUtc(path);
        string redeemedPath = RedeemedPath(path);
        SortedDictionary<string, byte[]> redeemed =
            File.Exists(redeemedPath) ? Read(redeemedPath, TokenText.ParseRedeemed) : TokenText.ParseRedeemed("");
        return new JoinTokens(Read(path, TokenText.ParseHashes), redeemed, path, readAt);
    }

    /// <summary>Reads tokens from text. Redemptions stay in memory.</summary>
    /// <exception cref="FormatException">Names the first wrong line.</exception>
    public static JoinTokens Parse(string text) => new(TokenText.ParseHashes(text), TokenText.ParseRedeemed(""));

    /// <summary>Adds the hash of a token to a token file, creating it with mode 0600 if there is none. Comments in it are kept.</summary>
    /// <exception cref="IdentityFileException">The file cannot be read or written, is malformed, or is full.</exception>
    public static void Append(string path, string token)
    {
        string before = File.Exists(path) ? Read(path, text => text) : "";
        string separator = before.Length == 0 || before.EndsWith('\n') ? "" : "\n";
        string after = $"{before}{separator}{HashOf(token)}\n";
        Checked(path, after, TokenText.ParseHashes);
        Write(path, after);
    }

    /// <summary>Whether the token is in the file and not redeemed yet.</summary>
    /// <param name="token">From an untrusted source.</param>
    /// <exception cref="IdentityFileException">The file has changed and is malformed now, or is gone.</exception>
    public bool Admits(string token)
    {
        lock (_gate)
        {
            return Find(token) is { } hash && !_redeemed.ContainsKey(hash);
        }
    }

    /// <summary>Uses up a token for a node that has proven its id. The node may show it again later; nobody else may.</summary>
    /// <param name="token">From an untrusted source.</param>
    /// <param name="nodeId">32 bytes.</param>
    /// <returns>Whether the node is admitted. When true, the redemption is in the file of redemptions.</returns>
    /// <exception cref="ArgumentException">The id is not 32 bytes.</exception>
    /// <exception cref="IdentityFileException">
    /// As for <see cref="Admits"/>; or the redemption cannot be written and has not happened.
    /// </exception>
    public bool Redeem(string token, ReadOnlySpan<byte> nodeId)
    {
        if (nodeId.Length != IdentityPublicKey.IdSize)
        {
            throw new ArgumentException($"An id has {IdentityPublicKey.IdSize} bytes, not {nodeId.Length}.", nameof(nodeId));
        }

        lock (_gate)
        {
            if (Find(token) is not { } hash)
            {
                return false;
            }

            if (_redeemed.TryGetValue(hash, out byte[]? owner))
            {
                return nodeId.SequenceEqual(owner);
            }

            _redeemed.Add(hash, nodeId.ToArray());
            try
            {
                SaveRedeemed();
            }
            catch
            {
                _redeemed.Remove(hash);
                throw;
            }

            return true;
        }
    }

    /// <summary>The type's name; nothing secret.</summary>
    public override string ToString() => nameof(JoinTokens);

    private string? Find(string token)
    {
        if (string.IsNullOrEmpty(token) || token.Length > MaxTokenLength)
        {
            return null;
        }

        ReadAgainIfChanged();
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        bool found = false;
        foreach (byte[] known in _hashes)
        {
            // No early exit: the time must not tell how far the search went.
            found |= CryptographicOperations.FixedTimeEquals(hash, known);
        }

        return found ? Convert.ToHexStringLower(hash) : null;
    }

    private void ReadAgainIfChanged()
    {
        if (_path is null || File.GetLastWriteTimeUtc(_path) is var changed && changed == _readAt)
        {
            return;
        }

        _hashes = Read(_path, TokenText.ParseHashes);
        _readAt = changed;
    }

    private void SaveRedeemed()
    {
        if (_path is null)
        {
            return;
        }

        if (_redeemed.Count > MaxTokens)
        {
            throw new IdentityFileException(RedeemedPath(_path), $"holds {MaxTokens} redemptions. Remove those of tokens that are gone.");
        }

        Write(RedeemedPath(_path), TokenText.Format(_redeemed));
    }

    private static string RedeemedPath(string path) => path + ".redeemed";

    private static T Read<T>(string path, Func<string, T> parse) =>
        Checked(path, Encoding.UTF8.GetString(IdentityFile.Read(path, MaxFileSize)), parse);

    private static T Checked<T>(string path, string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (FormatException cause)
        {
            throw new IdentityFileException(path, $"is not a valid token file. {cause.Message}", cause);
        }
    }

    private static void Write(string path, string text) =>
        IdentityFile.Write(path, Encoding.UTF8.GetBytes(text), IdentityFile.OwnerOnly, overwrite: true);
}
