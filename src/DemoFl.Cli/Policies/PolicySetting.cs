using System.Globalization;
using DemoFl.Cli.Settings;
using DemoFl.Node.Owner;

namespace DemoFl.Cli.Policies;

/// <summary>One key of a policy file.</summary>
/// <param name="Key">As written in the file.</param>
/// <param name="Range">What is allowed, for people.</param>
/// <param name="Meaning">What it does, for people.</param>
/// <param name="IsList">Whether several values may be given.</param>
/// <param name="Apply">The policy with these values; null when one is not allowed.</param>
internal sealed record PolicySetting(
    string Key, string Range, string Meaning, bool IsList, Func<OwnerPolicy, IReadOnlyList<string>, OwnerPolicy?> Apply)
{
    private const int MaxTextLength = 1024;
    private const int MaxListLength = 10_000;

    /// <summary>One or several texts.</summary>
    public static PolicySetting Texts(
        string key, string range, string meaning, Func<string, bool> allows, Func<OwnerPolicy, IReadOnlyList<string>, OwnerPolicy> set) =>
        new(key, range, meaning, true, (policy, texts) =>
            texts.Count is > 0 and <= MaxListLength && texts.All(t => t.Length is > 0 and <= MaxTextLength && allows(t)) ? set(policy, texts) : null);

    /// <summary>One or several out of a few words.</summary>
    public static PolicySetting Choices<T>(
        string key, string meaning, IReadOnlyDictionary<string, T> choices, Func<OwnerPolicy, IReadOnlyList<T>, OwnerPolicy> set) =>
        Texts(key, $"one or several of {string.Join(", ", choices.Keys)}", meaning, choices.ContainsKey, (policy, texts) => set(policy, [.. texts.Select(t => choices[t])]));

    public static PolicySetting Integer(string key, long low, long high, string meaning, Func<OwnerPolicy, long, OwnerPolicy> set) =>
        One(key, $"{low} to {high}", meaning, (policy, text) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= low && value <= high ? set(policy, value) : null);

    /// <summary>A number above 0 and up to 1.</summary>
    public static PolicySetting Share(string key, string meaning, Func<OwnerPolicy, double, OwnerPolicy> set) =>
        One(key, "above 0, up to 1", meaning, (policy, text) =>
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value is > 0 and <= 1 ? set(policy, value) : null);

    public static PolicySetting Duration(string key, TimeSpan low, TimeSpan high, string meaning, Func<OwnerPolicy, TimeSpan, OwnerPolicy> set) =>
        One(key, $"{DurationText.Show(low)} to {DurationText.Show(high)}", meaning, (policy, text) =>
            DurationText.TryParse(text, out var value) && value >= low && value <= high ? set(policy, value) : null);

    public static PolicySetting Truth(string key, string meaning, Func<OwnerPolicy, bool, OwnerPolicy> set) =>
        One(key, "true, false", meaning, (policy, text) => text is "true" or "false" ? set(policy, text == "true") : null);

    private static PolicySetting One(string key, string range, string meaning, Func<OwnerPolicy, string, OwnerPolicy?> apply) =>
        new(key, range, meaning, false, (policy, texts) => texts is [var text] ? apply(policy, text) : null);
}
