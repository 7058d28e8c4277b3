using System.Text;
using DemoFl.Cli.Commands;
using DemoFl.Identity;

namespace DemoFl.Fuzz;

/// <summary>Keys, certificates, rosters and tokens, from files and from the wire.</summary>
internal static class IdentityTargets
{
    public static Target Roster() => new IdentityFileTarget(
        "roster", InputForm.Text, [.. new[] { RosterOf("node alice"), RosterOf("server hub"), "# nobody\n\n" }.Select(Encoding.UTF8.GetBytes)], path =>
        {
            var roster = Identity.Roster.Load(path);
            var again = Identity.Roster.Parse(roster.Format());
            BrokenPromiseException.Unless(roster.Format() == again.Format(), "a roster that was taken is another one when it is read back");
            _ = RosterFacts.Json(roster);
            return $"{Shape.Order((ulong)roster.Entries.Count)}";
        }, ["node", "server", "alice", "#", "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"]);

    public static Target Tokens() => new IdentityFileTarget(
        "tokens", InputForm.Text,
        [Encoding.UTF8.GetBytes($"# for alice\n{JoinTokens.HashOf("demofl-join-a")}\n{JoinTokens.HashOf("demofl-join-b")}\n"), []], path =>
        {
            var tokens = JoinTokens.Load(path);
            return $"{tokens.Admits("demofl-join-a")} {tokens.Admits("demofl-join-b")}";
        }, [JoinTokens.HashOf("demofl-join-a"), "#"]);

    public static Target RedeemedTokens() => new IdentityFileTarget(
        "tokens-redeemed", InputForm.Text, [Encoding.UTF8.GetBytes($"{JoinTokens.HashOf("demofl-join-a")} {new string('b', 64)}\n"), []], path =>
        {
            string tokens = path + ".tokens";
            File.WriteAllText(tokens, JoinTokens.HashOf("demofl-join-a"));
            File.Move(path, tokens + ".redeemed", overwrite: true);
            return $"{JoinTokens.Load(tokens).Admits("demofl-join-a")}";
        }, [JoinTokens.HashOf("demofl-join-a"), "#"]);

    public static Target CertificateFile() => new IdentityFileTarget(
        "certificate-file", InputForm.Text,
        [Encoding.ASCII.GetBytes(FixedIdentities.Node.ExportCertificatePem()), Encoding.ASCII.GetBytes(FixedIdentities.Authority.ExportCertificatePem())], path =>
        {
            using var certificate = PemFiles.LoadCertificate(path);
            var facts = new CertificateFacts(certificate, FixedIdentities.Now).Json();
            return $"{facts["kind"]} {facts["validity"] is not null}";
        }, ["-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "MIIB", "=", "AAAA"]);

    public static Target KeyFile() => new IdentityFileTarget(
        "private-key-file", InputForm.Text, [Encoding.ASCII.GetBytes(FixedIdentities.Key.ExportPkcs8PrivateKeyPem())], path =>
        {
            using var loaded = IdentityKey.Load(path);
            BrokenPromiseException.Unless(
                Signature.Verify(loaded.PublicKey.Span, "fuzz", "statement"u8, loaded.Sign("fuzz", "statement"u8)), "a key that was taken does not sign");
            return "a key";
        }, ["-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "-----BEGIN EC PRIVATE KEY-----", FixedIdentities.OtherKeyPem, "=", "AAAA"]);

    /// <summary>A certificate as a node shows it at the join: judged, never thrown at, and never trusted when anything in it is changed.</summary>
    public static Target ShownCertificate() => new CertificateClaimTarget(new FederationTrust(FixedIdentities.Authority), FixedIdentities.Node.RawData, FixedIdentities.Now);

    private static string RosterOf(string who) => $"{who} {Convert.ToBase64String(FixedIdentities.PublicKey.Span)} # a comment\n";

    private sealed class IdentityFileTarget(string name, InputForm form, byte[][] seeds, Func<string, string> read, string[] words) : FileTarget(name, form)
    {
        public override IReadOnlyList<string> Words => words;

        public override IEnumerable<byte[]> Seeds() => seeds;

        public override string Read(byte[] input)
        {
            string path = Write("file", input);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return read(path);
        }

        public override bool IsRefusal(Exception e) => e is IdentityFileException;
    }
}
