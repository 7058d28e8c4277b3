using System.CommandLine;
using System.Text.Json.Nodes;
using DemoFl.Cli.Jobs;
using DemoFl.Cli.Policies;
using DemoFl.Node.Owner;
using DemoFl.Protocol;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl node policy</c>: looks at a policy file without starting a node.</summary>
internal static class NodePolicyCommand
{
    /// <summary>Settings that are about more than a job says.</summary>
    private static readonly string[] BeyondJobs = ["servers", "runs", "leaders", "columns", "data-share", "max-rounds", "max-rounds-a-day"];

    public static Command Create() => new("policy", "Look at a policy file: what a node with it accepts.") { CreateCheck() };

    private static Command CreateCheck()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The policy file." };
        var job = new Option<FileInfo?>("--job") { Description = "Say what of this job file a node with the policy would refuse." };
        var set = SharedOptions.Set();
        var json = Facts.JsonOption();
        var command = new Command("check", $"""
            Check a policy file for `demofl node --policy`, and say what of a job it would refuse. Exit code 3 says that the job would be refused.

            A policy file is a list of `key: value` lines; lists are written `[a, b]`. What it leaves out is not limited:
            {string.Join(Environment.NewLine, PolicySettings.All.Select(s => $"  {s.Key,-20} {s.Meaning} ({s.Range})"))}

            Examples:
              demofl node policy check policy.yaml
              demofl node policy check policy.yaml --job job.yaml
            """) { file, job, set, json };
        command.SetAction(parsed => Check(parsed, parsed.GetRequiredValue(file).ToString(), parsed.GetValue(job)?.ToString(), parsed.GetValue(set)!, json));
        return command;
    }

    private static int Check(ParseResult parsed, string path, string? job, string[] overrides, Option<bool> json)
    {
        var (policy, settings) = PolicyReader.ReadAll(path);
        var facts = new JsonObject { ["policy"] = new JsonObject(settings.Select(s => KeyValuePair.Create(s.Setting.Key, (JsonNode?)s.Value))) };
        var refusals = job is null && overrides.Length == 0 ? null : policy.Refuses(FactsOf(JobReader.Read(job, overrides))).ToArray();
        string[] unknown = [.. settings.Select(s => s.Setting.Key).Where(k => BeyondJobs.Contains(k))];
        if (refusals is not null)
        {
            facts["refuses"] = Facts.ArrayOf(refusals.Select(r => r.ToString()));
            facts["beyondTheJob"] = Facts.ArrayOf(unknown);
        }

        Facts.Write(parsed, json, facts, output => Write(output, path, job ?? "The job", settings, refusals, unknown));
        return refusals is { Length: > 0 } ? ExitCode.Refused : ExitCode.Success;
    }

    private static void Write(
        TextWriter output, string path, string job, IReadOnlyList<(PolicySetting Setting, string Value)> settings, PolicyRefusal[]? refusals, string[] unknown)
    {
        output.WriteLine(TextTable.Printable($"{path} {(settings.Count == 0 ? "limits nothing." : "says:")}"));
        foreach (var (setting, value) in settings)
        {
            output.WriteLine($"  {setting.Key,-20} {TextTable.Printable(value)}");
        }

        if (refusals is null)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine(TextTable.Printable(refusals.Length == 0 ? $"{job} would be accepted." : $"{job} would be refused:"));
        foreach (var refusal in refusals)
        {
            output.WriteLine(TextTable.Printable($"  {refusal}"));
        }

        if (unknown.Length > 0)
        {
            output.WriteLine($"A job does not tell what is judged by {string.Join(", ", unknown)}; a node does when it joins, loads its data or opens a round.");
        }
    }

    private static JobFacts FactsOf(JobValues job) => new()
    {
        Model = job.Model, Layout = job.Layout, Leaders = job.Layout == Layout.Plain ? null : job.Leaders, KMin = job.KMin, Epochs = job.Epochs,
        UploadDeadline = job.UploadDeadline, Standardizes = job.Standardize,
    };
}
