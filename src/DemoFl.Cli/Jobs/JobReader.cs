using DemoFl.Cli.Settings;

namespace DemoFl.Cli.Jobs;

/// <summary>Reads a job file and what <c>--set</c> puts above it. Reports every error at once, with its line.</summary>
internal static class JobReader
{
    private static readonly SettingsFile JobFile = new("job file", "run");
    private static readonly SettingPlace ByDefault = new("default", 0);
    private static readonly KnownKeys Keys = new(JobSettings.All.Select(s => s.Key));

    /// <param name="path">The file, or null for the defaults.</param>
    /// <param name="overrides">key=value, the last one wins.</param>
    /// <exception cref="CliException">Anything wrong, all of it.</exception>
    public static JobValues Read(string? path, IReadOnlyList<string> overrides)
    {
        var errors = new List<SettingError>();
        var texts = JobSettings.All.ToDictionary(s => s.Key, s => (Text: s.Default, Where: ByDefault));
        if (path is not null)
        {
            ReadFile(path, texts, errors);
        }

        foreach (string entry in overrides)
        {
            ReadOverride(entry, texts, errors);
        }

        FollowMode(texts);
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
                errors.Add(new SettingError(where, $"{setting.Key} is '{text}'; allowed: {setting.Range}."));
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

    /// <summary>A mode's values take the place of defaults; what a person has set stays.</summary>
    private static void FollowMode(Dictionary<string, (string Text, SettingPlace Where)> texts)
    {
        foreach (var setting in JobSettings.All.Where(s => s.InSofl is not null && texts[JobSettings.Mode].Text == JobSettings.Sofl))
        {
            if (texts[setting.Key].Where == ByDefault)
            {
                texts[setting.Key] = (setting.InSofl!, ByDefault);
            }
        }
    }

    private static void ReadFile(string path, Dictionary<string, (string Text, SettingPlace Where)> texts, List<SettingError> errors)
    {
        foreach (var entry in JobFile.Read(path))
        {
            if (!Keys.Has(entry.Key))
            {
                errors.Add(Keys.Unknown(entry.Place, entry.Key));
            }
            else if (entry.IsList || entry.Texts is not [var text])
            {
                errors.Add(new SettingError(entry.Place, $"{entry.Key} takes one value, not a list or a map."));
            }
            else
            {
                texts[entry.Key] = (text, entry.Place);
            }
        }
    }

    private static void ReadOverride(string entry, Dictionary<string, (string Text, SettingPlace Where)> texts, List<SettingError> errors)
    {
        int equals = entry.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? entry : entry[..equals];
        var where = new SettingPlace($"--set {entry}", int.MaxValue);
        if (equals < 0)
        {
            errors.Add(new SettingError(where, "write key=value."));
        }
        else if (!texts.ContainsKey(name))
        {
            errors.Add(Keys.Unknown(where, name));
        }
        else
        {
            texts[name] = (entry[(equals + 1)..], where);
        }
    }
}
