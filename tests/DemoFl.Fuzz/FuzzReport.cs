using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DemoFl.Fuzz;

/// <summary>What a campaign did, for people and for programs.</summary>
internal static class FuzzReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Print(Campaign campaign, TextWriter output)
    {
        output.WriteLine($"{"target",-24}{"executions",12}{"ways",8}{"a second",12}{"slowest ms",12}{"most MiB",10}{"finds",7}");
        foreach (var run in campaign.Runs)
        {
            double rate = run.Executions / Math.Max(1e-3, run.Time.TotalSeconds);
            output.Write(string.Create(CultureInfo.InvariantCulture, $"{run.Target.Name,-24}{run.Executions,12:N0}{run.Signatures,8:N0}{rate,12:N0}"));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{run.Slowest.TotalMilliseconds,12:0.0}{Mebibytes(run),10:0.0}{run.Finds.Count,7}"));
        }

        var (executions, ways) = (campaign.Runs.Sum(r => r.Executions), campaign.Runs.Sum(r => r.Signatures));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"all",-24}{executions,12:N0}{ways,8:N0}"));
    }

    public static void Print(Find find, string path, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"FOUND in {find.Target}, seed {find.Seed}, execution {find.Execution}: {find.Failure.Key}");
        output.WriteLine(find.Failure.Message);
        output.WriteLine($"The smallest input that does it ({find.Input.Length} bytes): {path}");
        output.WriteLine($"Again: scripts/fuzz --target {find.Target} --replay {path}");
    }

    public static string ToJson(Campaign campaign, ulong seed, TimeSpan took) => new JsonObject
    {
        ["seed"] = seed,
        ["seconds"] = Math.Round(took.TotalSeconds, 1),
        ["executions"] = campaign.Runs.Sum(r => r.Executions),
        ["targets"] = new JsonArray([.. campaign.Runs.Select(run => (JsonNode)new JsonObject
        {
            ["name"] = run.Target.Name, ["executions"] = run.Executions, ["ways"] = run.Signatures,
            ["slowestMs"] = Math.Round(run.Slowest.TotalMilliseconds, 1), ["mostAllocatedBytes"] = run.MostAllocatedBytes,
            ["finds"] = new JsonArray([.. run.Finds.Select(f => (JsonNode)new JsonObject
            {
                ["execution"] = f.Execution, ["key"] = f.Failure.Key, ["input"] = Convert.ToBase64String(f.Input),
            })]),
        })]),
    }.ToJsonString(Indented);

    private static double Mebibytes(TargetRun run) => run.MostAllocatedBytes / 1048576.0;
}
