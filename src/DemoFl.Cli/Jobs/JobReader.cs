using DemoFl.Protocol;
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
        foreach (var setting in JobSettings.All)
        {
            var (text, where) = texts[setting.Key];
            if (!setting.Apply(text, values))
            {
                errors.Add($"{where}: {setting.Key} is '{text}'; allowed: {setting.Range}.");
            }
        }

        errors.AddRange(Contradictions(values));
        values.Identity = string.Join(" ", JobSettings.All.Where(s => s.Shapes).Select(s => $"{s.Key}={texts[s.Key].Text}"));
        values.Texts = new SortedDictionary<string, string>(texts.ToDictionary(t => t.Key, t => t.Value.Text), StringComparer.Ordinal);
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

        if (yaml.Documents[0].RootNode is not YamlMappingNode root)
        {
            throw new CliException($"{path}: a job file is a list of 'key: value' lines.");
        }

        foreach (var (key, value) in root.Children)
        {
            string where = $"{path}:{key.Start.Line}";
            if (key is not YamlScalarNode { Value: { } name } || !texts.ContainsKey(name))
            {
                errors.Add($"{where}: unknown key '{key}'{Nearest(key.ToString())}.");
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
            errors.Add($"--set {entry}: unknown key '{name}'{Nearest(name)}.");
        }
        else
        {
            texts[name] = (entry[(equals + 1)..], $"--set {entry}");
        }
    }

    private static IEnumerable<string> Contradictions(JobValues values)
    {
        if (values.ClipMin > values.ClipMax || values.Clip < values.ClipMin || values.Clip > values.ClipMax)
        {
            yield return $"clip is {values.Clip}, outside clip-min {values.ClipMin} to clip-max {values.ClipMax}.";
        }

        int selected = (int)Math.Ceiling(values.Parties * values.Fraction);
        if (values.Parties > 0 && values.KMin > values.Parties)
        {
            yield return $"k-min is {values.KMin}, more than the {values.Parties} parties.";
        }
        else if (values.KMin > Math.Max(selected, 1))
        {
            yield return $"k-min is {values.KMin}, but fraction {values.Fraction} of {values.Parties} parties selects only {selected}.";
        }

        if (selected > RoundSpec.MaxParticipants)
        {
            yield return $"fraction {values.Fraction} of {values.Parties} parties selects {selected}, more than {RoundSpec.MaxParticipants} a round.";
        }

        if (values.Layout != Layout.Plain && values.Leaders > Math.Min(values.Parties, values.Processes))
        {
            yield return $"leaders is {values.Leaders}; one process holds at most one slot, and there are {Math.Min(values.Parties, values.Processes)}.";
        }

        int valueBits = values.Ring - (int)Math.Ceiling(Math.Log2(Math.Max(selected, 1)));
        if (values.Ring > 0 && valueBits < 8)
        {
            yield return $"ring {values.Ring} leaves {valueBits} bits a value for {selected} parties, fewer than 8. Use ring 32 or a smaller fraction.";
        }
    }

    private static string Nearest(string key)
    {
        string? near = JobSettings.All.Select(s => s.Key).FirstOrDefault(k => k.StartsWith(key, StringComparison.OrdinalIgnoreCase)
            || key.StartsWith(k, StringComparison.OrdinalIgnoreCase) || string.Equals(k.Replace("-", "", StringComparison.Ordinal),
                key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
        return near is null ? $"; known: {string.Join(", ", JobSettings.All.Select(s => s.Key))}" : $"; did you mean '{near}'?";
    }
}
