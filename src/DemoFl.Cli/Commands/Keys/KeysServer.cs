using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using DemoFl.Identity;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl keys server</c>: makes a server's TLS certificate and its signing identity.</summary>
internal static class KeysServer
{
    public static Command Create()
    {
        var hosts = new Option<string[]>("--host")
        {
            Description = "DNS names and IP addresses under which nodes reach the server.", Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var name = new Option<string>("--name") { Description = "The server's name in rosters.", DefaultValueFactory = _ => "server" };
        var folder = new Option<string>("--out")
        {
            Description = "Folder for NAME.key, NAME.pub, NAME-tls.crt and NAME-tls.key.", HelpName = "DIR", Required = true,
        };
        var authority = AuthorityFolder.Option(required: true);
        var days = Lifetime.Option(Lifetime.IssuedDays);
        var json = Facts.JsonOption();
        var command = new Command("server", """
            Make a server's TLS certificate (NAME-tls.crt, NAME-tls.key) and the identity that signs for it (NAME.key, with NAME.pub
            for rosters).
            An identity that is there is kept; to renew the certificate, move NAME-tls.key away first.

            Examples:
              demofl keys server --host fl.example.org 192.0.2.7 --ca ca --out server
              demofl server --key server/server.key --tls-cert server/server-tls.crt --tls-key server/server-tls.key --federation-key ca.crt
            """) { hosts, name, folder, authority, days, json };
        command.SetRefusingAction((parsed, _) =>
        {
            var path = Path.Combine(parsed.GetRequiredValue(folder), KeyFiles.RequireName(parsed.GetRequiredValue(name)));
            var facts = Make(
                path, parsed.GetRequiredValue(name), RequireHosts(parsed.GetRequiredValue(hosts)),
                new AuthorityFolder(parsed.GetRequiredValue(authority)!), parsed.GetValue(days));
            Facts.Write(parsed, json, facts, output =>
            {
                output.WriteLine($"{facts["shortId"]}");
                output.WriteLine($"{path}-tls.crt, {path}-tls.key: for `demofl server --tls-cert ... --tls-key ...`.");
                output.WriteLine($"{path}.key: private, for `demofl server --key ...`.");
                output.WriteLine($"{path}.pub: the server's line for the roster (`demofl keys roster`).");
            });
        });
        return command;
    }

    private static JsonObject Make(string path, string name, string[] hosts, AuthorityFolder authority, int? days)
    {
        var (keyPath, publicPath, tlsKeyPath, tlsPath) = (path + ".key", path + ".pub", path + "-tls.key", path + "-tls.crt");
        KeyFiles.RequireAbsent("To renew the certificate, move this key away first; the server's identity is kept.", tlsKeyPath);
        if (!File.Exists(keyPath))
            KeyFiles.RequireAbsent($"Its key '{keyPath}' is not here: bring it back, or move the line away.", publicPath);
        using var issuer = authority.Load();
        var now = DateTimeOffset.UtcNow;
        using var certificate = FederationAuthority.IssueServer(issuer, hosts, Lifetime.Under(issuer, days, now), now);
        using var key = IdentityKey.LoadOrCreate(keyPath);
        if (!File.Exists(publicPath)) KeyFiles.SavePublic(publicPath, new RosterEntry(name, key.PublicKey, IsServer: true));
        PemFiles.SavePrivateKey(tlsKeyPath, certificate);
        PemFiles.SaveCertificate(tlsPath, certificate);
        return new JsonObject
        {
            ["id"] = Convert.ToHexStringLower(key.Id.Span), ["shortId"] = ShortId.Of(name, key.Id.Span), ["key"] = keyPath,
            ["public"] = publicPath,
            ["tlsCertificate"] = tlsPath, ["tlsKey"] = tlsKeyPath, ["hosts"] = Facts.ArrayOf(hosts),
            ["notAfter"] = CertificateFacts.Time(certificate.NotAfter),
        };
    }

    private static string[] RequireHosts(string[] hosts)
    {
        if (hosts.Length > FederationAuthority.MaxHosts)
            throw new CliException($"--host names {hosts.Length} hosts, allowed are {FederationAuthority.MaxHosts}.");
        var bad = Array.Find(hosts, host => !IPAddress.TryParse(host, out _) && Uri.CheckHostName(host) != UriHostNameType.Dns);
        return bad is null
            ? hosts
            : throw new CliException(
                $"--host '{TextTable.Printable(bad)}' is neither a DNS name nor an IP address. Give it without scheme and port.");
    }
}
