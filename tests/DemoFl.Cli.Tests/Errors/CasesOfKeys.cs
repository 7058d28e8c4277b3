using static DemoFl.Cli.Tests.Errors.Bad;

namespace DemoFl.Cli.Tests.Errors;

/// <summary>Rows of the error table and the command lines that meet them; f is a folder of the test's own.</summary>
internal static class CasesOfKeys
{
    public static readonly Dictionary<string, Func<TemporaryFolder, string[]>> All = new(StringComparer.Ordinal)
    {
        ["The file '{file}' does not exist. Check the path."] =
            f => [.. ServerLine(f), "--roster", f["none"]],
        ["The file '{file}' holds a private key that other users can read or change. Run: chmod 600 '{file}'"] =
            f => ["keys", "show", Key(f, open: true)],
        ["The file '{file}' does not begin with an unencrypted PEM 'PRIVATE KEY' (PKCS#8). Is it the right file?"] =
            f => [.. NodeLine(f), "--keys", Path.GetDirectoryName(Secret(f, "garbage"))!],
        ["The file '{file}' holds a key on another curve than P-256. Use a key that DemoFl created."] =
            f => [.. NodeLine(f), "--keys", Path.GetDirectoryName(Secret(f, OtherCurve()))!],
        ["The file '{file}' holds a damaged private key, or one that is not for elliptic curves."] =
            f => [.. NodeLine(f), "--keys", Path.GetDirectoryName(Secret(f, Rsa()))!],
        ["The file '{file}' does not begin with a PEM certificate. Is it the right file?"] =
            f => [.. ServerLine(f), "--federation-key", f.Write("ca.crt", "garbage")],
        ["The file '{file}' holds a damaged certificate. Issue it again."] =
            f => [.. ServerLine(f), "--federation-key", f.Write("ca.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")],
        ["The file '{file}' is not the key of the certificate in '{file}'."] =
            f => [.. ServerLine(f), "--tls-cert", Authority(f, "one").Certificate, "--tls-key", Authority(f, "two").Key],
        ["The file '{file}' has {n} bytes; at most {n} are expected. Is it the right file?"] =
            f => [.. ServerLine(f), "--federation-key", f.Write("ca.crt", new string('x', 2_000_000))],
        ["The file '{file}' is not a valid roster. Line {n}: expected 'node NAME KEY' or 'server NAME KEY'."] =
            f => [.. ServerLine(f), "--roster", f.Write("roster.txt", "node alice\n")],
        ["The file '{file}' is not a valid roster. Line {n}: the key is not the Base64 of a {n}-byte public key."] =
            f => [.. ServerLine(f), "--roster", f.Write("roster.txt", "node alice AAAA\n")],
        ["The file '{file}' is not a valid token file. Line {n}: expected {n} word(s) of {n} hex digits."] =
            f => [.. ServerLine(f), "--tokens", f.Write("tokens.txt", "secret\n")],
        ["The file '{file}' cannot be written: {reason}"] =
            f => ["keys", "token", "--out", f.Path],
        ["This certificate may not sign others. Use the federation authority's, not a node's or a server's."] =
            f => [.. ServerLine(f), "--federation-key", NodeCertificate(f)],
        ["Give --roster or --federation-key, not both."] =
            f => [.. ServerLine(f), "--roster", "a", "--federation-key", "b"],
        ["'{file}' does not exist. Make an authority with `demofl keys ca --out '{folder}'`, or name its folder by --ca."] =
            f => ["keys", "node", "--name", "alice", "--out", f["k"], "--ca", f["none"]],
        ["'{file}' exists already and is not overwritten. {advice}"] =
            f => ["keys", "ca", "--name", "x", "--out", Path.GetDirectoryName(Authority(f, "ca").Key)!],
        ["--name '{name}' is not valid; use {rule}."] =
            f => ["keys", "node", "--name", "Alice", "--out", f["k"]],
        ["--name has {n} characters, allowed are 1 to {n}, not all blank."] =
            f => ["keys", "ca", "--name", " ", "--out", f["k"]],
        ["--days is for the certificate. Give --ca DIR, the folder of the authority that signs it."] =
            f => ["keys", "node", "--name", "alice", "--days", "9", "--out", f["k"]],
        ["--days is {n}, allowed are 1 to {n}."] =
            f => ["keys", "ca", "--name", "x", "--days", "0", "--out", f["k"]],
        ["--days {n} reaches beyond the authority, which is valid until {time}. Give --days {n} or fewer."] =
            f => ["keys", "node", "--name", "alice", "--days", "7000", "--out", f["k"], "--ca", Path.GetDirectoryName(Authority(f, "ca").Key)!],
        ["The authority expired on {time}. Make a new one with `demofl keys ca`."] =
            f => ["keys", "node", "--name", "alice", "--out", f["k"], "--ca", Path.GetDirectoryName(Authority(f, "ca", expired: true).Key)!],
        ["--public is for certifying a key. Give --ca DIR, the folder of the authority that signs."] =
            f => ["keys", "node", "--public", "a.pub", "--out", f["k"]],
        ["Give --name for an identity of this machine, or --public for a key from elsewhere."] =
            f => ["keys", "node", "--out", f["k"]],
        ["'{file}' is not one node's line. Give the .pub file of one node."] =
            f => ["keys", "node", "--public", f.Write("a.pub", ""), "--out", f["k"], "--ca", f["ca"]],
        ["'{file}' has no roster line. Give a .pub file, as `demofl keys node` writes it."] =
            f => ["keys", "roster", "--out", f["r"], f.Write("a.pub", "# nothing\n")],
        ["'{file}' cannot go into '{file}'. {reason} Leave the file out, or remove the old line first. The roster is unchanged."] =
            f => ["keys", "roster", "--out", f["r"], Public(f), Public(f)],
        ["--host '{host}' is neither a DNS name nor an IP address. Give it without scheme and port."] =
            f => ["keys", "server", "--host", "https://x", "--out", f["k"], "--ca", f["ca"]],
        ["--host names {n} hosts, allowed are {n}."] =
            f => ["keys", "server", "--host", .. Enumerable.Repeat("x", 999), "--out", f["k"], "--ca", f["ca"]],
        ["'{file}' does not exist. Give the path of a key, certificate, .pub or roster file."] =
            f => ["keys", "show", f["none"]],
    };
}
