using DemoFl.Chaos.Network;
using DemoFl.Identity;

namespace DemoFl.Chaos.Tests.Network;

public sealed class TestAuthorityTests
{
    [Fact]
    public void Issue_ForSecondsOrFromThePast_ExpiresThenAndIsTrustedUntil()
    {
        string folder = Directory.CreateTempSubdirectory("demofl-chaos-test-").FullName;
        try
        {
            using var authority = new TestAuthority(folder);
            using var issuer = PemFiles.LoadCertificate(authority.File);
            var trust = new FederationTrust(issuer);

            var (arguments, expires) = authority.IssueServer(TimeSpan.FromSeconds(30));
            using var server = PemFiles.LoadCertificateWithKey(arguments[1], arguments[3]);
            Assert.Equal(expires, new DateTimeOffset(server.NotAfter));
            Assert.IsType<TrustDecision.Trusted>(trust.JudgeServer(server, "127.0.0.1", expires - TimeSpan.FromSeconds(1)));
            var refused = Assert.IsType<TrustDecision.Refused>(trust.JudgeServer(server, "127.0.0.1", expires + TimeSpan.FromSeconds(1)));
            Assert.Contains("expired at", refused.Reason, StringComparison.Ordinal);

            var past = authority.IssueNode(folder, "node-1", TimeSpan.FromSeconds(-3));
            using var node = PemFiles.LoadCertificate(Path.Combine(folder, "node-1.crt"));
            Assert.Equal(past, new DateTimeOffset(node.NotAfter));
            Assert.True(past < DateTimeOffset.UtcNow);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
