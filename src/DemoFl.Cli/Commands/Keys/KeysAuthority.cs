using System.CommandLine;
using System.Text.Json.Nodes;
using DemoFl.Identity;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl keys ca</c>: makes a federation's authority.</summary>
internal static class KeysAuthority
{
    public static Command Create()
    {
        var name = new Option<string>("--name")
        {
            Description = $"The federation's name, 1 to {FederationAuthority.MaxNameLength} characters.", Required = true,
        };
        var folder = new Option<string>("--out") { Description = "Folder for ca.crt and ca.key.", HelpName = "DIR", Required = true };
        var days = Lifetime.Option(Lifetime.AuthorityDays);
        var json = Facts.JsonOption();
        var command = new Command("ca", """
            Make a federation's authority: ca.crt, which everybody gets, and ca.key, which the owners keep away from the server.
            Who holds ca.key can add nodes to the federation.

            Example:
              demofl keys ca --name "Hospitals North" --out ca
            """) { name, folder, days, json };
        command.SetRefusingAction((parsed, _) =>
        {
            var authority = new AuthorityFolder(parsed.GetRequiredValue(folder));
            var title = parsed.GetRequiredValue(name);
            if (string.IsNullOrWhiteSpace(title) || title.Length > FederationAuthority.MaxNameLength)
                throw new CliException(
                    $"--name has {title.Length} characters, allowed are 1 to {FederationAuthority.MaxNameLength}, not all blank.");
            var lifetime = Lifetime.OfAuthority(parsed.GetValue(days));
            KeyFiles.RequireAbsent(
                "Certificates are issued by it with --ca; for another authority name another folder by --out.", authority.KeyPath,
                authority.CertificatePath);

            using var certificate = FederationAuthority.CreateAuthority(title, lifetime, DateTimeOffset.UtcNow);
            PemFiles.SavePrivateKey(authority.KeyPath, certificate);
            PemFiles.SaveCertificate(authority.CertificatePath, certificate);
            var facts = new JsonObject
            {
                ["certificate"] = authority.CertificatePath, ["key"] = authority.KeyPath,
                ["notAfter"] = CertificateFacts.Time(certificate.NotAfter),
            };
            Facts.Write(parsed, json, facts, output =>
            {
                output.WriteLine(
                    $"{authority.CertificatePath}: for every node (--federation-key, --tls-ca) and for the server (--federation-key).");
                output.WriteLine($"{authority.KeyPath}: keep it with the owners; never on the server.");
            });
        });
        return command;
    }
}
