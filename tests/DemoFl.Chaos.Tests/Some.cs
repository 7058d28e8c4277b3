using System.Globalization;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Tests;

/// <summary>Values that tests need and do not care about.</summary>
internal static class Some
{
    /// <summary>Events, one a line: who says it, after a slash which of its lives, and what.</summary>
    public static IReadOnlyList<ChaosEvent> Events(string lines)
    {
        var log = new EventLog(TimeSpan.FromSeconds(30));
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            string[] source = line[..space].Split('/');
            log.Add(source[0], source.Length == 1 ? 1 : int.Parse(source[1], CultureInfo.InvariantCulture), line[(space + 1)..]);
        }

        return log.All;
    }
}
