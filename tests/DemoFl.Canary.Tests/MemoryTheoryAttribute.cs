using System.Globalization;

namespace DemoFl.Canary.Tests;

/// <summary>A test that reads the memory of processes that it started.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MemoryTheoryAttribute : TheoryAttribute
{
    /// <summary>From this scope of the Yama module on, only root may read the memory of its children.</summary>
    private const int AdministratorsOnly = 2;

    private const string Scope = "/proc/sys/kernel/yama/ptrace_scope";

    public MemoryTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "The test reads /proc/PID/mem, which only Linux has.";
        }
        else if (File.Exists(Scope) && int.Parse(File.ReadAllText(Scope), CultureInfo.InvariantCulture) >= AdministratorsOnly)
        {
            Skip = $"This system lets no process read another's memory ({Scope} is 2 or more).";
        }
    }
}
