using DemoFl.Cli.Jobs;
using DemoFl.Cli.Settings;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DemoFl.Cli.Runs;

/// <summary>The job that a run folder was begun with, as a job file of its own: <c>begun-with.yaml</c>, every key written out.</summary>
internal static class JobRecord
{
    private const string FileName = "begun-with.yaml";

    /// <summary>Keeps the job of a run that has begun.</summary>
    public static void Write(string folder, JobValues job) => File.WriteAllText(
        Path.Combine(folder, FileName),
        "# What this run was begun with. Written once, for whoever resumes it.\n"
        + string.Concat(job.Texts.Select(t => $"{t.Key}: '{t.Value.Replace("'", "''", StringComparison.Ordinal)}'\n")));

    /// <summary>The values by key; none where there is no such file, or something else by its name.</summary>
    public static IReadOnlyDictionary<string, string> Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return new Dictionary<string, string>();
        }

        try
        {
            return YamlText.Load(path).Documents is [{ RootNode: YamlMappingNode root }]
                ? root.Children.Where(c => c is { Key: YamlScalarNode, Value: YamlScalarNode }).ToDictionary(c => $"{c.Key}", c => $"{c.Value}")
                : new Dictionary<string, string>();
        }
        catch (YamlException)
        {
            // The journal has the last word on what may go on; this file only lets the message name the key.
            return new Dictionary<string, string>();
        }
    }
}
