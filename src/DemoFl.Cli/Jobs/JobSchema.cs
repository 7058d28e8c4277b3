using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DemoFl.Cli.Jobs;

/// <summary>The JSON schema of a job file, for editors that complete and check YAML by one; docs/job.schema.json is its output.</summary>
internal static class JobSchema
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "DemoFl job",
            ["description"] = "A federated learning job. Every key has a default. What must hold between keys is in configure.md, and checked when the job is read.",
            ["type"] = "object",
            ["properties"] = new JsonObject(JobSettings.All.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)PropertyOf(s)))),
            ["additionalProperties"] = false,
        };
        return schema.ToJsonString(Readable) + "\n";
    }

    private static JsonObject PropertyOf(JobSetting setting)
    {
        var property = setting.Form();
        property.Insert(0, "description", $"{setting.Explained} ({setting.Range})");
        property["default"] = JobSetting.Literal(setting.Default);
        return property;
    }
}
