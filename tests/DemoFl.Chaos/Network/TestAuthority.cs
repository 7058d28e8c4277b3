using System.Security.Cryptography.X509Certificates;
using DemoFl.Identity;

namespace DemoFl.Chaos.Network;

/// <summary>A federation's authority of a scenario's own, which issues certificates for seconds. Its folder is the caller's.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    private readonly X509Certificate2 _authority;
    private readonly string _folder;
    private int _issued;

    public TestAuthority(string folder)
    {
        _folder = folder;

        // Old enough to have issued what has expired by now.
        _authority = FederationAuthority.CreateAuthority("chaos", 2 * Lifetime, DateTimeOffset.UtcNow - Lifetime);
        PemFiles.SaveCertificate(File, _authority);
    }

    /// <summary>Its certificate: what <c>--tls-ca</c> and <c>--federation-key</c> take.</summary>
    public string File => Path.Combine(_folder, "ca.crt");

    /// <summary>Issues a server's certificate for 127.0.0.1.</summary>
    /// <param name="validFor">From now on; negative for one that has expired.</param>
    /// <returns>The options of <c>demofl server</c>, and when it expires.</returns>
    public (IReadOnlyList<string> Arguments, DateTimeOffset Expires) IssueServer(TimeSpan validFor)
    {
        var (issuedAt, expires) = TimeOf(validFor);
        using var certificate = FederationAuthority.IssueServer(_authority, ["127.0.0.1"], expires - issuedAt, issuedAt);
        string path = Path.Combine(_folder, $"server-{++_issued}");
        PemFiles.SaveCertificate(path + ".crt", certificate);
        PemFiles.SavePrivateKey(path + ".key", certificate);
        return (["--tls-cert", path + ".crt", "--tls-key", path + ".key"], expires);
    }

    /// <summary>Issues a node's certificate beside its key, in place of an earlier one.</summary>
    public DateTimeOffset IssueNode(string keyFolder, string name, TimeSpan validFor)
    {
        var (issuedAt, expires) = TimeOf(validFor);
        using var key = IdentityKey.LoadOrCreate(Path.Combine(keyFolder, $"{name}.key"));
        using var certificate = FederationAuthority.IssueNode(_authority, name, key.PublicKey, expires - issuedAt, issuedAt);
        PemFiles.SaveCertificate(Path.Combine(keyFolder, $"{name}.crt"), certificate);
        return expires;
    }

    public void Dispose() => _authority.Dispose();

    private static (DateTimeOffset IssuedAt, DateTimeOffset Expires) TimeOf(TimeSpan validFor)
    {
        // A certificate has whole seconds.
        var now = DateTimeOffset.UtcNow;
        var expires = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero) + validFor;
        return (now - (Lifetime / 2), expires);
    }
}
