using System.Diagnostics;
using System.Globalization;
using DemoFl.Cli.Output;
using DemoFl.Cli.Runs;

namespace DemoFl.Cli.Doctor;

/// <summary>The folder that runs would be kept in.</summary>
internal static class DiskChecks
{
    private const long LeastSpace = 16L << 20;
    private const long ComfortableSpace = 1L << 30;
    private const int ProbeBytes = 4096;
    private const int Probes = 5;

    /// <summary>A round waits for a handful of them.</summary>
    private static readonly TimeSpan SlowSync = TimeSpan.FromMilliseconds(100);

    public static Finding Space(string folder, long free) => free switch
    {
        >= ComfortableSpace => Finding.Ok("disk", $"{Bytes.Show(free)} free in {folder}"),
        >= LeastSpace => Finding.Warn("disk", $"{Bytes.Show(free)} free in {folder}", "make room, or name another folder; `demofl run --dry-run` says what a run needs."),
        _ => Finding.Fail("disk", $"{Bytes.Show(free)} free in {folder}", "make room, or name another folder by --folder."),
    };

    /// <summary>Writes through to the disk as a journal does.</summary>
    public static Finding Sync(string folder)
    {
        if (RunPlace.Unwritable(folder) is { } unwritable)
        {
            return Finding.Fail("fsync", unwritable, "change its permissions, or name another folder by --folder.");
        }

        try
        {
            return Sync(Measure(folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Fail("fsync", e.Message, "keep runs on a disk that can write through; name another folder by --folder.");
        }
    }

    public static Finding Sync(TimeSpan median)
    {
        string detail = string.Create(CultureInfo.InvariantCulture, $"{median.TotalMilliseconds:0.0} ms to write through");
        return median < SlowSync ? Finding.Ok("fsync", detail) : Finding.Warn("fsync", detail, "keep runs on a faster disk; every round waits for several.");
    }

    private static TimeSpan Measure(string folder)
    {
        using var file = new FileStream(
            Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, ProbeBytes, FileOptions.DeleteOnClose);
        var times = new TimeSpan[Probes];
        foreach (ref var time in times.AsSpan())
        {
            long start = Stopwatch.GetTimestamp();
            file.Write(new byte[ProbeBytes]);
            file.Flush(flushToDisk: true);
            time = Stopwatch.GetElapsedTime(start);
        }

        Array.Sort(times);
        return times[Probes / 2];
    }
}
