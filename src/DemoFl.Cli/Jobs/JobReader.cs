using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DemoFl.Cli.Jobs;

/// <summary>Reads a job file and what <c>--set</c> puts above it. Reports every error at once, with its line.</summary>
internal static class JobReader
{
    private const int MaxFileBytes = 1024 * 1024;

    /// <param name="path">The file, or null for the defaults.</param>
    /// <param name="overrides">key=value, the last one wins.</param>
    /// <exception cref="CliException">Anything wrong, all of it.</exception>
    public static JobValues Read(string? path, IReadOnlyList<string> overrides)
    {
        var errors = new List<string>();
        var texts = JobSettings.All.ToDictionary(s => s.Key, s => (Text: s.Default, Where: "default"));
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
                errors.Add($"{where}: {setting.Key} is '{text}'; allowed: {setting.Range}.");
            }
        }

        // Values that are wrong by themselves contradict nothing.
        errors.AddRange(JobContradictions.All.Where(c => Array.TrueForAll(c.Keys, canonical.ContainsKey)).Select(c => c.Objection(values)).OfType<string>());
        values.Identity = string.Join(" ", JobSettings.All.Where(s => s.Shapes).Select(s => $"{s.Key}={canonical.GetValueOrDefault(s.Key)}"));
        values.Texts = canonical;
        return errors.Count == 0 ? values : throw new CliException(string.Join(Environment.NewLine, errors));
    }

    private static void ReadFile(string path, Dictionary<string, (string Text, string Where)> texts, List<string> errors)
    {
        if (!File.Exists(path))
        {
            throw new CliException($"There is no job file {path}. See `demofl run --help` for an example.");
        }

        if (new FileInfo(path).Length > MaxFileBytes)
        {
            throw new CliException($"{path} is larger than {MaxFileBytes} bytes; is it a job file?");
        }

        var yaml = new YamlStream();
        try
        {
            using var reader = File.OpenText(path);
            yaml.Load(reader);
        }
        catch (YamlException e)
        {
            throw new CliException($"{path}:{e.Start.Line}: not YAML: {e.Message}", ExitCode.Usage, e);
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
            string where = $"{path}:{key.Start.Line}";
            if (key is not YamlScalarNode { Value: { } name } || !texts.ContainsKey(name))
            {
                errors.Add($"{where}: unknown key '{key}'{Nearest(key.ToString())}");
            }
            else if (value is not YamlScalarNode { Value: { } text })
            {
                errors.Add($"{where}: {name} takes one value, not a list or a map.");
            }
            else
            {
                texts[name] = (text, where);
            }
        }
    }

    private static void ReadOverride(string entry, Dictionary<string, (string Text, string Where)> texts, List<string> errors)
    {
        int equals = entry.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? entry : entry[..equals];
        if (equals < 0)
        {
            errors.Add($"--set {entry}: write key=value.");
        }
        else if (!texts.ContainsKey(name))
        {
            errors.Add($"--set {entry}: unknown key '{name}'{Nearest(name)}");
        }
        else
        {
            texts[name] = (entry[(equals + 1)..], $"--set {entry}");
        }
    }

    private static string Nearest(string key)
    {
        string? near = JobSettings.All.Select(s => s.Key).FirstOrDefault(k => (key.Length > 0 && k.StartsWith(key, StringComparison.OrdinalIgnoreCase))
            || key.StartsWith(k, StringComparison.OrdinalIgnoreCase) || string.Equals(k.Replace("-", "", StringComparison.Ordinal),
                key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
        return near is null ? $"; known: {string.Join(", ", JobSettings.All.Select(s => s.Key))}." : $"; did you mean '{near}'?";
    }
}
