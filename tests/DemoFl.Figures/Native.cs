using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace DemoFl.Figures;

/// <summary>What the platform offers on Linux and .NET does not: a thread's own clock, and a signal to a process.</summary>
internal static partial class Native
{
    private const int ThreadClock = 3;
    private const int Terminate = 15;

    /// <summary>Whether <see cref="ThreadTime"/> leaves out what other threads used; elsewhere it is the wall's time.</summary>
    public static bool HasThreadClock => OperatingSystem.IsLinux();

    /// <summary>The time that the calling thread has spent on a processor. Only differences mean anything.</summary>
    public static TimeSpan ThreadTime()
    {
        if (!HasThreadClock)
        {
            return Stopwatch.GetElapsedTime(0);
        }

        return ClockGetTime(ThreadClock, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
            : throw new InvalidOperationException("The thread's clock cannot be read.");
    }

    /// <summary>The machine's load average over the last minute, where the system tells.</summary>
    public static double? LoadAverage() =>
        OperatingSystem.IsLinux() ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : null;

    /// <summary>Asks a process to stop in order; where the platform has no such request, ends it with its children.</summary>
    public static void Stop(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true);
        }
        else if (!process.HasExited)
        {
            _ = Kill(process.Id, Terminate);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
