using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DemoFl.Chaos.Processes;

/// <summary>Signals to one process, by its id. Linux and macOS.</summary>
internal static partial class Signals
{
    private const int KillSignal = 9;
    private static readonly int ContinueSignal = OperatingSystem.IsMacOS() ? 19 : 18;
    private static readonly int StopSignal = OperatingSystem.IsMacOS() ? 17 : 19;

    /// <summary>SIGKILL: it ends at once and hears nothing of it.</summary>
    public static void Kill(Process process) => Send(process, KillSignal);

    /// <summary>SIGSTOP: it stands still, with its connections open.</summary>
    public static void Freeze(Process process) => Send(process, StopSignal);

    /// <summary>SIGCONT: it goes on as if no time had passed.</summary>
    public static void Continue(Process process) => Send(process, ContinueSignal);

    private static void Send(Process process, int signal)
    {
        // An id that has been waited for may be somebody else's by now.
        if (!process.HasExited)
        {
            _ = Kill(process.Id, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
