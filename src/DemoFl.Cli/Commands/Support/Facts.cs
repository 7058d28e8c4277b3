using System.CommandLine;
using System.Text.Json.Nodes;

namespace DemoFl.Cli.Commands;

/// <summary>What a command found or made: one JSON object under <c>--json</c>, else text for people.</summary>
internal static class Facts
{
    public static Option<bool> JsonOption() => new("--json") { Description = "Print the facts as one JSON object." };

    public static void Write(ParseResult parsed, Option<bool> jsonOption, JsonObject facts, Action<TextWriter> text)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(jsonOption)) output.WriteLine(facts.ToJsonString());
        else text(output);
    }

    public static JsonArray ArrayOf<T>(IEnumerable<T> values) => [.. values.Select(value => (JsonNode?)JsonValue.Create(value))];
}
