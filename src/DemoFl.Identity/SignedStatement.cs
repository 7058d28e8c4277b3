using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace DemoFl.Identity;

/// <summary>
/// What is signed: one byte with the length of the label, the label "demofl/v1/" + domain in ASCII, and the statement to the end. The
/// length makes the split between label and statement unambiguous, so a signature made for one purpose never serves another.
/// </summary>
internal static class SignedStatement
{
    public const int MaxDomainLength = 64;
    public const string DomainRule = "A domain has 1 to 64 characters out of a-z, A-Z, 0-9, '-', '.', '_', '/'.";

    private const string Label = "demofl/v1/";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/");

    /// <summary>Whether the domain is 1 to 64 characters out of a-z, A-Z, 0-9, '-', '.', '_', '/'.</summary>
    public static bool IsDomain(string? domain) =>
        domain is { Length: >= 1 and <= MaxDomainLength } && !domain.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>SHA-256 of the signed bytes. The domain must be one.</summary>
    public static void Hash(string domain, ReadOnlySpan<byte> statement, Span<byte> hash)
    {
        Span<byte> label = stackalloc byte[1 + Label.Length + domain.Length];
        label[0] = (byte)(label.Length - 1);
        Encoding.ASCII.GetBytes(Label, label[1..]);
        Encoding.ASCII.GetBytes(domain, label[(1 + Label.Length)..]);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(label);
        sha.AppendData(statement);
        sha.GetHashAndReset(hash);
    }
}
