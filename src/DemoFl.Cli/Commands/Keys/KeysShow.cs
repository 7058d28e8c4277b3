using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using DemoFl.Identity;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl keys show</c>: says what a key, certificate or roster file holds; never anything secret.</summary>
internal static class KeysShow
{
    private const int PeekBytes = 4_096;

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A private key, a certificate, a .pub file or a roster." };
        var json = Facts.JsonOption();
        var command = new Command("show", """
            Show what a file holds: id, short id, kind, and how long it is valid. Of a private key it shows the public part only;
            a roster has it as `node NAME PUBLICKEY` or `server NAME PUBLICKEY`.

            Examples:
              demofl keys show keys/alice.key
              demofl keys show roster.txt
            """) { file, json };
        command.SetRefusingAction((parsed, _) =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!File.Exists(path))
                throw new CliException($"'{path}' does not exist. Give the path of a key, certificate, .pub or roster file.");
            Show(parsed, json, path, Peek(path));
        });
        return command;
    }

    private static void Show(ParseResult parsed, Option<bool> json, string path, string start)
    {
        if (start.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
        {
            using var certificate = PemFiles.LoadCertificate(path);
            WriteFlat(parsed, json, new CertificateFacts(certificate, DateTimeOffset.UtcNow).Json());
        }
        else if (start.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            using var key = IdentityKey.Load(path);
            WriteFlat(parsed, json, KeyFacts(path, key));
        }
        else
        {
            var roster = Roster.Load(path);
            var facts = new JsonObject { ["kind"] = "roster", ["entries"] = RosterFacts.Json(roster) };
            Facts.Write(parsed, json, facts, RosterFacts.Table(roster).Write);
        }
    }

    private static JsonObject KeyFacts(string path, IdentityKey key) => new()
    {
        ["kind"] = "private key", ["id"] = Convert.ToHexStringLower(key.Id.Span),
        ["shortId"] = ShortId.Of(Path.GetFileNameWithoutExtension(path), key.Id.Span),
        ["publicKey"] = Convert.ToBase64String(key.PublicKey.Span),
    };

    private static void WriteFlat(ParseResult parsed, Option<bool> json, JsonObject facts) => Facts.Write(parsed, json, facts, output =>
    {
        var width = facts.Max(fact => fact.Key.Length) + 2;
        foreach (var (name, value) in facts)
        {
            if (value is not null) output.WriteLine($"{name.PadRight(width)}{TextTable.Printable($"{value}")}");
        }
    });

    private static string Peek(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Span<byte> bytes = stackalloc byte[PeekBytes];
        return Encoding.ASCII.GetString(bytes[..file.ReadAtLeast(bytes, PeekBytes, throwOnEndOfStream: false)]);
    }
}
