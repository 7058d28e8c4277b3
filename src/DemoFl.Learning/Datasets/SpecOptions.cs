using System.Globalization;

namespace DemoFl.Learning;

/// <summary>
/// The <c>key=value</c> options of a data set specification. Every key must be read: <see cref="RequireNoOthers"/> refuses the rest.
/// </summary>
internal sealed class SpecOptions
{
    private readonly string _spec;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];

    public SpecOptions(string spec, IEnumerable<string> options)
    {
        _spec = spec;
        foreach (var option in options)
        {
            if (option.Split('=', 2) is not [{ Length: > 0 } key, { Length: > 0 } value])
                throw Malformed($"'{option}' is not of the form key=value");
            if (!_values.TryAdd(key, value)) throw Malformed($"'{key}' is given twice");
        }
    }

    public int Integer(string key, int preset, int low, int high)
    {
        if (!Find(key, out var text)) return preset;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high
            ? value
            : throw Malformed($"{key} is '{text}', allowed are whole numbers from {low} to {high}");
    }

    public double Number(string key, double preset, double low, double high)
    {
        if (!Find(key, out var text)) return preset;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value >= low && value <= high
            ? value
            : throw Malformed($"{key} is '{text}', allowed are numbers from {low} to {high}");
    }

    public ulong Seed(string key, ulong preset)
    {
        if (!Find(key, out var text)) return preset;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Malformed($"{key} is '{text}', allowed are whole numbers from 0 to {ulong.MaxValue}");
    }

    public string Text(string key, string preset) => Find(key, out var text) ? text : preset;

    public void RequireNoOthers()
    {
        var unknown = _values.Keys.Except(_known).Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length > 0) throw Malformed($"'{unknown[0]}' is not an option; known are {string.Join(", ", _known)}");
    }

    public FormatException Malformed(string why) => new($"Cannot load the data set '{_spec}': {why}.");

    private bool Find(string key, out string text)
    {
        _known.Add(key);
        return _values.TryGetValue(key, out text!);
    }
}
