using System.Globalization;
using System.Text.Json;

namespace DemoFl.Simulation;

/// <summary>A campaign's report, for people and for programs.</summary>
internal static class CampaignText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Print(CampaignReport report, TextWriter output)
    {
        string verdict = report.Failure is null ? "no promise broken" : "A PROMISE WAS BROKEN";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Seeds:N0} seeds from {report.First}, {report.Events:N0} events, in {report.Took.TotalSeconds:0.0} s: {verdict}"));
        foreach (var (seed, promise) in report.Broken)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seed,14}  {promise}"));
        }

        foreach (var (what, times) in report.Tally.Counts)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times,14:N0}  {what}"));
        }
    }

    public static string ToJson(CampaignReport report) => JsonSerializer.Serialize(
        new
        {
            first = report.First, seeds = report.Seeds, events = report.Events, seconds = report.Took.TotalSeconds,
            violations = report.Broken.Select(b => new { seed = b.Key, promise = b.Value }),
            counts = report.Tally.Counts,
        },
        Indented);
}
