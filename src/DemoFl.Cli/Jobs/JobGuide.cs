using System.Text;

namespace DemoFl.Cli.Jobs;

/// <summary>The reference of job files in Markdown; docs/configure.md is its output.</summary>
internal static class JobGuide
{
    private const string Introduction = """
        # Configuring a job

        A job file is YAML: one `key: value` a line, one document, at most 1 MiB. Every key may be left out. `--set key=value` goes above the file, and
        the last one wins. A file with errors is refused with all of them at once, each with its line. `demofl run JOB --dry-run` checks a
        job, its data and its folder and shows what would run, without starting anything.
        [job.schema.json](job.schema.json) lets an editor complete and check job files; write values without quotes.

        ```yaml
        # yaml-language-server: $schema=docs/job.schema.json
        model: cnn
        data: mnist:data/mnist
        partition: shards:2
        parties: 100
        fraction: 0.1
        rounds: 20
        ```

        `mode: sofl` is SOFL in one word: it changes the defaults marked (sofl: ...), and a key that is set goes above it.

        Times are a number with `ms`, `s`, `m` or `h`. Keys marked *fixed* must have the same value when a run is resumed.

        | key | default | allowed | meaning | on resume |
        |---|---|---|---|---|

        """;

    private const string Rules = """

        Values that are each allowed must also go together:


        """;

    private const string Ending = """

        `demofl run --list-settings --format markdown` writes this page, and `--format schema` the schema.

        """;

    public static string Write()
    {
        var page = new StringBuilder(Introduction);
        foreach (var s in JobSettings.All)
        {
            page.Append($"| `{s.Key}` | `{s.Default}`{(s.InSofl is { } sofl ? $" (sofl: `{sofl}`)" : "")} | {Cell(s.Range)} | {Cell(s.Meaning)} | {(s.Shapes ? "fixed" : "may change")} |\n");
        }

        page.Append(Rules);
        foreach (var contradiction in JobContradictions.All)
        {
            page.Append($"- {string.Join(", ", contradiction.Keys.Select(k => $"`{k}`"))}: {contradiction.Rule}.\n");
        }

        return page.Append(Ending).ToString().ReplaceLineEndings("\n");
    }

    // A bar would end the cell.
    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
