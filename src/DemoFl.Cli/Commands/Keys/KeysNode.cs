using System.CommandLine;
using System.Text.Json.Nodes;
using DemoFl.Identity;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl keys node</c>: makes a node's identity, or certifies one.</summary>
internal static class KeysNode
{
    private const string KeepKey =
        "`demofl keys show` prints its public key; give --ca DIR to certify it, another --name for a new identity, or move it away.";

    public static Command Create()
    {
        var name = new Option<string?>("--name") { Description = $"The node's name: {NodeName.Rule}." };
        var published = new Option<string?>("--public")
        {
            Description = "Certify the key of this roster line instead; the private key stays where it is.", HelpName = "FILE.pub",
        };
        var folder = new Option<string>("--out")
        {
            Description = "Folder for NAME.key, NAME.pub and NAME.crt.", HelpName = "DIR", Required = true,
        };
        var authority = AuthorityFolder.Option(required: false);
        var days = Lifetime.Option(Lifetime.IssuedDays);
        var json = Facts.JsonOption();
        var command = new Command("node", """
            Make a node's identity: NAME.key (private, mode 0600) and NAME.pub (its line for rosters); with --ca also its
            certificate NAME.crt. A key that is there is kept and only certified. `demofl node --keys DIR` finds NAME.key and NAME.crt.

            Examples:
              demofl keys node --name alice --out keys
              demofl keys node --name alice --out keys --ca ca
              demofl keys node --public alice.pub --ca ca --out certificates
            """) { name, published, folder, authority, days, json };
        command.SetRefusingAction((parsed, _) =>
        {
            var files = new Files(parsed.GetRequiredValue(folder));
            if (parsed.GetValue(days) is not null && parsed.GetValue(authority) is null)
                throw new CliException("--days is for the certificate. Give --ca DIR, the folder of the authority that signs it.");
            var facts = (parsed.GetValue(name), parsed.GetValue(published), parsed.GetValue(authority)) switch
            {
                ({ } node, null, null) => Make(files, KeyFiles.RequireName(node)),
                ({ } node, null, { } ca) =>
                    MakeAndCertify(files, KeyFiles.RequireName(node), new AuthorityFolder(ca), parsed.GetValue(days)),
                (null, { } file, { } ca) => CertifyPublic(files, file, new AuthorityFolder(ca), parsed.GetValue(days)),
                (null, { }, null) =>
                    throw new CliException("--public is for certifying a key. Give --ca DIR, the folder of the authority that signs."),
                _ => throw new CliException("Give --name for an identity of this machine, or --public for a key from elsewhere."),
            };
            Facts.Write(parsed, json, facts, output =>
            {
                output.WriteLine($"{facts["shortId"]}");
                foreach (var (kind, says) in Explanations)
                {
                    if (facts[kind] is { } path) output.WriteLine($"{path}: {says}");
                }
            });
        });
        return command;
    }

    private static (string Kind, string Says)[] Explanations =>
    [
        ("key", "private; it stays with the node."),
        ("public", "the line for the roster (`demofl keys roster`)."),
        ("certificate", "beside the node's key, it proves membership under --federation-key."),
    ];

    private static JsonObject Make(Files files, string name)
    {
        KeyFiles.RequireAbsent(KeepKey, files.Key(name), files.Public(name));
        using var key = IdentityKey.Create();
        key.Save(files.Key(name));
        var entry = new RosterEntry(name, key.PublicKey);
        KeyFiles.SavePublic(files.Public(name), entry);
        return FactsOf(entry, files.Key(name), files.Public(name), null);
    }

    private static JsonObject MakeAndCertify(Files files, string name, AuthorityFolder authority, int? days)
    {
        // Everything that may refuse comes before the first file is written.
        using var issuer = authority.Load();
        var now = DateTimeOffset.UtcNow;
        var lifetime = Lifetime.Under(issuer, days, now);
        if (!File.Exists(files.Key(name))) Make(files, name);

        using var key = IdentityKey.Load(files.Key(name));
        var entry = new RosterEntry(name, key.PublicKey);
        if (!File.Exists(files.Public(name))) KeyFiles.SavePublic(files.Public(name), entry);
        using var certificate = FederationAuthority.IssueNode(issuer, name, key.PublicKey, lifetime, now);
        PemFiles.SaveCertificate(files.Certificate(name), certificate);
        return FactsOf(entry, files.Key(name), files.Public(name), files.Certificate(name));
    }

    private static JsonObject CertifyPublic(Files files, string path, AuthorityFolder authority, int? days)
    {
        if (Roster.Load(path).Entries is not [{ IsServer: false } entry])
            throw new CliException($"'{path}' is not one node's line. Give the .pub file of one node.");
        using var issuer = authority.Load();
        var now = DateTimeOffset.UtcNow;
        using var certificate = FederationAuthority.IssueNode(issuer, entry.Name, entry.PublicKey, Lifetime.Under(issuer, days, now), now);
        PemFiles.SaveCertificate(files.Certificate(entry.Name), certificate);
        return FactsOf(entry, null, null, files.Certificate(entry.Name));
    }

    private static JsonObject FactsOf(RosterEntry entry, string? key, string? published, string? certificate)
    {
        var id = IdentityPublicKey.IdOf(entry.PublicKey.Span);
        return new JsonObject
        {
            ["id"] = Convert.ToHexStringLower(id), ["shortId"] = ShortId.Of(entry.Name, id),
            ["key"] = key, ["public"] = published, ["certificate"] = certificate,
        };
    }

    private readonly record struct Files(string Folder)
    {
        public string Key(string name) => Path.Combine(Folder, name + ".key");

        public string Public(string name) => Path.Combine(Folder, name + ".pub");

        public string Certificate(string name) => Path.Combine(Folder, name + ".crt");
    }
}
