using System.Text.Json;
using System.Text.Json.Nodes;
using DemoFl.Cli.Output;

namespace DemoFl.Cli.Runs;

/// <summary>What the report in a run's folder already has: a resumed run's report goes on where the last one ended.</summary>
internal sealed record LastReport(IReadOnlyList<RoundRow> Rounds, IReadOnlyList<ReorganisationRow> Reorganisations)
{
    public static readonly LastReport None = new([], []);

    /// <exception cref="CliException">The file is something else.</exception>
    public static LastReport Read(string folder)
    {
        string path = Path.Combine(folder, "report.json");
        if (!File.Exists(path))
        {
            return None;
        }

        try
        {
            var report = JsonNode.Parse(File.ReadAllText(path));
            return new LastReport(
                report?["rounds"]?.Deserialize<RoundRow[]>() ?? [], report?["reorganisations"]?.Deserialize<ReorganisationRow[]>() ?? []);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CliException($"{path} is not a run's report: {e.Message} Move it away to go on without the rows of the rounds before.", ExitCode.Usage, e);
        }
    }
}
