using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DemoFl.Cli.Commands;
using DemoFl.Cli.Jobs;

namespace DemoFl.Cli.Tests.Jobs;

/// <summary>The published reference and schema say what the reader does.</summary>
public sealed class JobReferenceTests
{
    public static TheoryData<string> Keys => [.. JobSettings.All.Select(s => s.Key)];

    private static JsonObject Schema => JsonNode.Parse(JobSchema.Write())!.AsObject();

    [Theory]
    [InlineData("schema", "job.schema.json")]
    [InlineData("markdown", "configure.md")]
    public async Task ListSettings_Format_GivesThePublishedFile(string format, string file)
    {
        var (output, _) = await RunCommand.Create().RunAsync("--list-settings", "--format", format);
        string published = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", file));
        Assert.True(
            published == output, $"docs/{file} is not what the table gives. Write it anew: scripts/demofl run --list-settings --format {format} > docs/{file}");
    }

    [Fact]
    public async Task Run_FormatWithoutListSettings_IsRefused() =>
        await RunCommand.Create().RefusesAsync(["--format", "schema"], ExitCode.Usage, "--format", "--list-settings");

    [Fact]
    public void Schema_Properties_AreTheKeysAndNoOthers()
    {
        Assert.Equal(JobSettings.All.Select(s => s.Key), Schema["properties"]!.AsObject().Select(p => p.Key));
        Assert.False(Schema["additionalProperties"]!.GetValue<bool>());
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Schema_LimitsOfAKey_AreTheReaders(string key)
    {
        var property = Schema["properties"]![key]!.AsObject();
        Assert.True(Accepts(key, property["default"]!.ToString()));
        if (property["enum"] is JsonArray choices)
        {
            Assert.All(choices, c => Assert.True(Accepts(key, c!.ToJsonString().Trim('"'))));
            return;
        }

        switch (property["type"]!.GetValue<string>())
        {
            case "integer":
                var (low, high) = (property["minimum"]!.GetValue<long>(), property["maximum"]!.GetValue<long>());
                Assert.True(Accepts(key, Text(low)) && Accepts(key, Text(high)));
                Assert.False(Accepts(key, Text((Int128)low - 1)) || Accepts(key, Text((Int128)high + 1)));
                break;
            case "number":
                var (least, most) = (property["minimum"]!.GetValue<double>(), property["maximum"]!.GetValue<double>());
                Assert.True(Accepts(key, Text(least)) && Accepts(key, Text(most)));
                Assert.False(Accepts(key, Text(double.BitDecrement(least))) || Accepts(key, Text(double.BitIncrement(most))));
                break;
            case "string" when key == "server-optimizer":
                Assert.All(
                    (string[])["none", "momentum", "momentum:0.5", "adam", "yogi:0.9,0.99,1e-3", "sgd", "adam:0.9", "momentum:0.5,0.5", "none:1", "", "yogi:a,b,c"],
                    t => Assert.Equal(Regex.IsMatch(t, property["pattern"]!.GetValue<string>()), Accepts(key, t)));
                break;
            case "string" when property["pattern"] is { } pattern:
                Assert.All((string[])["500ms", "1.5s", ".5s", "2m", "1.s"], t => Assert.Matches(pattern.GetValue<string>(), t));
                Assert.All((string[])["", "5", "s", "5 s", "-1s", "1d", ".s", "1s\n2"], t =>
                {
                    Assert.DoesNotMatch(pattern.GetValue<string>(), t);
                    Assert.False(Accepts(key, t));
                });
                break;
            default:
                int longest = property["maxLength"]!.GetValue<int>();
                Assert.True(Accepts(key, new string('x', longest)));
                Assert.False(Accepts(key, new string('x', longest + 1)) || Accepts(key, ""));
                break;
        }
    }

    [Fact]
    public void Guide_EveryKeyAndRule_HasItsLine()
    {
        string guide = JobGuide.Write();
        Assert.All(JobSettings.All, s => Assert.Single(Regex.Matches(guide, $@"(?m)^\| `{s.Key}` \| `{Regex.Escape(s.Default)}` ({(s.InSofl is { } sofl ? $@"\(sofl: `{sofl}`\) " : "")})\|.*(fixed|may change) \|$")));
        Assert.All(JobContradictions.All, c => Assert.Contains($": {c.Rule}.\n", guide, StringComparison.Ordinal));
    }

    private static bool Accepts(string key, string text) => JobSettings.All.Single(s => s.Key == key).Apply(text, new JobValues()) is not null;

    private static string Text<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
