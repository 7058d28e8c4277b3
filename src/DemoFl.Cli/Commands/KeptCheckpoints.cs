using System.Globalization;

namespace DemoFl.Cli.Commands;

/// <summary>How many checkpoints a run keeps besides the newest; null for all. A type of its own: the command line takes a null for no value at all.</summary>
internal readonly record struct KeptCheckpoints(int? Older)
{
    private const string Every = "all";

    /// <summary>As a command line has it, or null where it is neither a number from 0 nor "all".</summary>
    public static KeptCheckpoints? Parse(string text) => text == Every ? new KeptCheckpoints(null)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? new KeptCheckpoints(count) : null;

    public override string ToString() => Older?.ToString(CultureInfo.InvariantCulture) ?? Every;
}
