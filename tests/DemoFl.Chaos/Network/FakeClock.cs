using System.Globalization;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Network;

/// <summary>
/// The wall clock of one process, which another program (libfaketime) makes wrong: at its start or while it runs, up to a second after it was set. What measures time that has passed is
/// left alone, as it is when somebody sets a machine's clock.
/// </summary>
internal sealed class FakeClock(string file)
{
    private static readonly string[] Libraries = ["libfaketimeMT.so.1", "libfaketime.so.1"];

    /// <summary>Why there can be no such clock here, as what it needs; null when there can.</summary>
    public static string? Missing => Library is null ? "libfaketime (Debian's package faketime)" : null;

    /// <summary>How far the clock is ahead; behind, where negative.</summary>
    public TimeSpan Skew { get; private set; }

    /// <summary>For a process whose clock this is.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library!, ["FAKETIME_TIMESTAMP_FILE"] = file, ["FAKETIME_CACHE_DURATION"] = "1", ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
    };

    private static string? Library { get; } = Find();

    /// <summary>Sets the clock, whether the process runs or not.</summary>
    public void Set(TimeSpan skew)
    {
        Skew = skew;
        File.WriteAllText(file + ".new", string.Create(CultureInfo.InvariantCulture, $"{skew.TotalSeconds:+0;-0}s\n"));
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Whether the newest line that a process logged, which begins with the time of day, was written by a clock that is wrong by this much.</summary>
    public bool IsShownBy(ChaosProcess process)
    {
        string newest = process.Errors.Split('\n')[^1];
        return newest.Length >= 8 && TimeSpan.TryParse(newest[..8], CultureInfo.InvariantCulture, out var shown)
            && Math.Abs(Math.IEEERemainder((shown - DateTime.Now.TimeOfDay - Skew).TotalHours, 24)) < 0.1;
    }

    private static string? Find() => !OperatingSystem.IsLinux() ? null
        : new[] { "/usr/lib", "/usr/lib64", "/usr/local/lib" }.Where(Directory.Exists)
            .SelectMany(lib => Directory.GetDirectories(lib).Append(lib)).SelectMany(d => Libraries.Select(l => Path.Combine(d, "faketime", l)))
            .FirstOrDefault(File.Exists);
}
