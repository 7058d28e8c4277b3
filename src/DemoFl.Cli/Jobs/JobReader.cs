using DemoFl.Cli.Commands;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DemoFl.Cli.Jobs;

/// <summary>Reads a job file and what <c>--set</c> puts above it. Reports every error at once, with its line.</summary>
internal static class JobReader
{
    private const int MaxFileBytes = 1024 * 1024;

    /// <summary>As many letters wrong still make a key that is meant; two would turn lr into ring.</summary>
    private const int Typos = 1;

    /// <summary>How YamlDotNet begins its complaint.</summary>
    private const string DuplicateKey = "Duplicate key";

    /// <param name="path">The file, or null for the defaults.</param>
    /// <param name="overrides">key=value, the last one wins.</param>
    /// <exception cref="CliException">Anything wrong, all of it.</exception>
    public static JobValues Read(string? path, IReadOnlyList<string> overrides)
    {
        var errors = new List<JobError>();
        var texts = JobSettings.All.ToDictionary(s => s.Key, s => (Text: s.Default, Where: new JobPlace("default", 0)));
        if (path is not null)
        {
            ReadFile(path, texts, errors);
        }

        foreach (string entry in overrides)
        {
            ReadOverride(entry, texts, errors);
        }

        var values = new JobValues();
        var canonical = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in JobSettings.All)
        {
            var (text, where) = texts[setting.Key];
            if (setting.Apply(text, values) is { } valid)
            {
                canonical[setting.Key] = valid;
            }
            else
            {
                errors.Add(new JobError(where, $"{setting.Key} is '{text}'; allowed: {setting.Range}."));
            }
        }

        // Values that are wrong by themselves contradict nothing.
        var contradictions = JobContradictions.All.Where(c => Array.TrueForAll(c.Keys, canonical.ContainsKey)).Select(c => c.Objection(values)).OfType<string>();
        string[] all = [.. errors.OrderBy(e => e.Place.Line).Select(e => e.ToString()), .. contradictions];
        values.Identity = string.Join(" ", JobSettings.All.Where(s => s.Shapes && !(s.CameLater && canonical.GetValueOrDefault(s.Key) == s.Default))
            .Select(s => $"{s.Key}={canonical.GetValueOrDefault(s.Key)}"));
        values.Texts = canonical;
        return all.Length == 0 ? values : throw new CliException(string.Join(Environment.NewLine, all));
    }

    private static void ReadFile(string path, Dictionary<string, (string Text, JobPlace Where)> texts, List<JobError> errors)
    {
        if (!File.Exists(path))
        {
            throw new CliException($"There is no job file {path}. See `demofl run --help` for an example.");
        }

        if (new FileInfo(path).Length > MaxFileBytes)
        {
            throw new CliException($"{path} is larger than {MaxFileBytes} bytes. Is it a job file?");
        }

        var yaml = new YamlStream();
        try
        {
            using var reader = File.OpenText(path);
            yaml.Load(reader);
        }
        catch (YamlException e)
        {
            string what = e.Message.StartsWith(DuplicateKey, StringComparison.Ordinal)
                ? $"'{e.Message[DuplicateKey.Length..].Trim()}' is given twice. Leave one out."
                : $"not YAML: {e.Message.TrimEnd('.')}. A job file is a list of 'key: value' lines.";
            throw new CliException(TextTable.Printable($"{path}:{e.Start.Line}: {what}"), ExitCode.Usage, e);
        }

        if (yaml.Documents.Count == 0)
        {
            return;
        }

        if (yaml.Documents.Count > 1)
        {
            throw new CliException($"{path}:{yaml.Documents[1].RootNode.Start.Line}: a second document begins; a job file is one.");
        }

        if (yaml.Documents[0].RootNode is not YamlMappingNode root)
        {
            throw new CliException($"{path}: a job file is a list of 'key: value' lines.");
        }

        foreach (var (key, value) in root.Children)
        {
            var where = new JobPlace($"{path}:{key.Start.Line}", (int)key.Start.Line);
            if (key is not YamlScalarNode { Value: { } name } || !texts.ContainsKey(name))
            {
                errors.Add(new JobError(where, $"unknown key '{key}'{Nearest(key.ToString())}"));
            }
            else if (value is not YamlScalarNode { Value: { } text })
            {
                errors.Add(new JobError(where, $"{name} takes one value, not a list or a map."));
            }
            else
            {
                texts[name] = (text, where);
            }
        }
    }

    private static void ReadOverride(string entry, Dictionary<string, (string Text, JobPlace Where)> texts, List<JobError> errors)
    {
        int equals = entry.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? entry : entry[..equals];
        var where = new JobPlace($"--set {entry}", int.MaxValue);
        if (equals < 0)
        {
            errors.Add(new JobError(where, "write key=value."));
        }
        else if (!texts.ContainsKey(name))
        {
            errors.Add(new JobError(where, $"unknown key '{name}'{Nearest(name)}"));
        }
        else
        {
            texts[name] = (entry[(equals + 1)..], where);
        }
    }

    private static string Nearest(string key)
    {
        string? near = JobSettings.All.Select(s => s.Key).FirstOrDefault(k => (key.Length > 0 && k.StartsWith(key, StringComparison.OrdinalIgnoreCase))
            || key.StartsWith(k, StringComparison.OrdinalIgnoreCase) || Edits(k.Replace("-", "", StringComparison.Ordinal), Plain(key)) <= Typos);
        return near is null ? $"; known: {string.Join(", ", JobSettings.All.Select(s => s.Key))}." : $"; did you mean '{near}'?";
    }

    private static string Plain(string key) =>
        key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Letters to change, add or leave out to make one word of the other (Levenshtein's distance).</summary>
    private static int Edits(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                (corner, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, corner + (one[i - 1] == other[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }

    /// <summary>Where a value comes from; lines of the file come before options.</summary>
    private readonly record struct JobPlace(string Text, int Line);

    private readonly record struct JobError(JobPlace Place, string Complaint)
    {
        public override string ToString() => TextTable.Printable($"{Place.Text}: {Complaint}");
    }
}
