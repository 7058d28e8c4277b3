using DemoFl.Cli.Settings;
using DemoFl.Node.Owner;

namespace DemoFl.Cli.Policies;

/// <summary>Reads a policy file. Reports every error at once, with its line.</summary>
internal static class PolicyReader
{
    private static readonly SettingsFile PolicyFile = new("policy file", "node policy check");
    private static readonly KnownKeys Keys = new(PolicySettings.All.Select(s => s.Key));

    /// <exception cref="CliException">Anything wrong, all of it.</exception>
    public static OwnerPolicy Read(string path) => ReadAll(path).Policy;

    /// <summary>The policy, and every key that the file has with its value as text.</summary>
    /// <exception cref="CliException">Anything wrong, all of it.</exception>
    public static (OwnerPolicy Policy, IReadOnlyList<(PolicySetting Setting, string Value)> Set) ReadAll(string path)
    {
        var policy = new OwnerPolicy();
        var set = new List<(PolicySetting Setting, string Value)>();
        var errors = new List<SettingError>();
        foreach (var entry in PolicyFile.Read(path).OrderBy(e => e.Place.Line))
        {
            if (!Keys.Has(entry.Key))
            {
                errors.Add(Keys.Unknown(entry.Place, entry.Key));
                continue;
            }

            var setting = PolicySettings.All.Single(s => s.Key == entry.Key);
            if (entry.Texts is null && setting.IsList)
            {
                errors.Add(new SettingError(entry.Place, $"{entry.Key} takes one value or a list of values, not a map."));
            }
            else if (entry.Texts is null || (entry.IsList && !setting.IsList))
            {
                errors.Add(new SettingError(entry.Place, $"{entry.Key} takes one value, not a list or a map."));
            }
            else if (setting.Apply(policy, entry.Texts) is { } valid)
            {
                policy = valid;
                set.Add((setting, string.Join(", ", entry.Texts)));
            }
            else
            {
                errors.Add(new SettingError(entry.Place, $"{entry.Key} is '{string.Join(", ", entry.Texts)}'; allowed: {setting.Range}."));
            }
        }

        return errors.Count == 0 ? (policy, set) : throw new CliException(string.Join(Environment.NewLine, errors));
    }
}
