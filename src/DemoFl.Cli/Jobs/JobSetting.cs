using System.Globalization;
using System.Text.Json.Nodes;
using DemoFl.Cli.Settings;

namespace DemoFl.Cli.Jobs;

/// <summary>One key of a job file.</summary>
/// <param name="Key">As written in the file and after <c>--set</c>.</param>
/// <param name="Default">As text.</param>
/// <param name="Range">What is allowed, for people.</param>
/// <param name="Meaning">What it does, for people.</param>
/// <param name="Shapes">Whether a resumed run must have the same value.</param>
/// <param name="Form">What is allowed, as a fresh JSON schema of the value.</param>
/// <param name="Apply">Takes the text into the values and returns its one canonical form; null when it is not allowed.</param>
internal sealed record JobSetting(
    string Key, string Default, string Range, string Meaning, bool Shapes, Func<JsonObject> Form, Func<string, JobValues, string?> Apply)
{
    private const int MaxTextLength = 1024;

    /// <summary>
    /// Left out of a job's identity at its default, because runs from before there was such a key can be resumed like any other.
    /// </summary>
    public bool CameLater { get; init; }

    /// <summary>What takes the default's place in a job whose mode is sofl; null where that is the same.</summary>
    public string? InSofl { get; init; }

    /// <summary>The meaning, with what a mode makes of the default.</summary>
    public string Explained => InSofl is null ? Meaning : $"{Meaning}; with mode sofl the default is {InSofl}";

    public static JobSetting Text(string key, string preset, string range, string meaning, Action<JobValues, string> set) =>
        new(key, preset, range, meaning, true, () => FormOf("string", ("minLength", 1), ("maxLength", MaxTextLength)), (text, values) =>
        {
            set(values, text);
            return text.Length is > 0 and <= MaxTextLength ? text : null;
        });

    public static JobSetting Integer(
        string key, long preset, long low, long high, string meaning, Action<JobValues, long> set, bool shapes = true) =>
        new(key, preset.ToString(CultureInfo.InvariantCulture), $"{low} to {high}", meaning, shapes,
            () => FormOf("integer", ("minimum", low), ("maximum", high)), (text, values) =>
        {
            bool valid = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= low && value <= high;
            if (valid)
            {
                set(values, value);
            }

            return valid ? value.ToString(CultureInfo.InvariantCulture) : null;
        });

    public static JobSetting Number(
        string key, double preset, double low, double high, string meaning, Action<JobValues, double> set, bool shapes = true) =>
        new(key, preset.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{low} to {high}"), meaning, shapes,
            () => FormOf("number", ("minimum", low), ("maximum", high)), (text, values) =>
        {
            bool valid = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= low && value <= high;
            if (valid)
            {
                set(values, value);
            }

            return valid ? value.ToString(CultureInfo.InvariantCulture) : null;
        });

    public static JobSetting Choice<T>(
        string key, string preset, string meaning, IReadOnlyDictionary<string, T> choices, Action<JobValues, T> set, bool shapes = true) =>
        new(key, preset, string.Join(", ", choices.Keys), meaning, shapes,
            () => new JsonObject { ["enum"] = new JsonArray([.. choices.Keys.Select(Literal)]) }, (text, values) =>
        {
            bool valid = choices.TryGetValue(text, out var value);
            if (valid)
            {
                set(values, value!);
            }

            return valid ? text : null;
        });

    /// <summary>A text of a form, which has one canonical way to write it.</summary>
    public static JobSetting Patterned<T>(
        string key, string preset, string range, string pattern, string meaning, Func<string, (T Value, string Canonical)?> parse, Action<JobValues, T> set) =>
        new(key, preset, range, meaning, true, () => FormOf("string", ("pattern", pattern)), (text, values) =>
        {
            if (parse(text) is not { } parsed)
            {
                return null;
            }

            set(values, parsed.Value);
            return parsed.Canonical;
        });

    /// <summary>A time as a number with the unit ms, s, m or h.</summary>
    public static JobSetting Duration(string key, string preset, TimeSpan low, TimeSpan high, string meaning, Action<JobValues, TimeSpan> set) =>
        new(key, preset, $"{DurationText.Show(low)} to {DurationText.Show(high)}", meaning, false,
            // A schema cannot say the range of a time; the reader does.
            () => FormOf("string", ("pattern", DurationText.Pattern)), (text, values) =>
        {
            bool valid = DurationText.TryParse(text, out var value) && value >= low && value <= high;
            if (valid)
            {
                set(values, value);
            }

            return valid ? text : null;
        });

    /// <summary>A scalar as YAML and JSON understand it unquoted: a number, a truth value or else text.</summary>
    public static JsonNode Literal(string text) =>
        text is "true" or "false" ? text == "true"
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer) ? integer
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
        : text;

    private static JsonObject FormOf(string type, params (string Key, JsonNode Value)[] limits) =>
        new(limits.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)).Prepend(KeyValuePair.Create("type", (JsonNode?)type)));
}
