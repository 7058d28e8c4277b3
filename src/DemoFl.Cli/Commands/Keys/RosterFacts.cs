using System.Text.Json.Nodes;
using DemoFl.Identity;

namespace DemoFl.Cli.Commands;

/// <summary>A roster's entries with their ids.</summary>
internal static class RosterFacts
{
    public static JsonArray Json(Roster roster) => [.. roster.Entries.Select(entry => (JsonNode)new JsonObject
    {
        ["kind"] = KindOf(entry), ["name"] = entry.Name, ["id"] = IdOf(entry), ["shortId"] = ShortIdOf(entry),
    })];

    public static TextTable Table(Roster roster)
    {
        var table = new TextTable("kind", "short id", "id");
        foreach (var entry in roster.Entries) table.Add(KindOf(entry), ShortIdOf(entry), IdOf(entry));
        return table;
    }

    private static string KindOf(RosterEntry entry) => entry.IsServer ? "server" : "node";

    private static string IdOf(RosterEntry entry) => Convert.ToHexStringLower(IdentityPublicKey.IdOf(entry.PublicKey.Span));

    private static string ShortIdOf(RosterEntry entry) => ShortId.Of(entry.Name, IdentityPublicKey.IdOf(entry.PublicKey.Span));
}
