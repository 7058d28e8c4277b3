namespace DemoFl.Chaos.Tests;

/// <summary>A theory whose subject is signals.</summary>
internal sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Windows has no SIGSTOP and SIGKILL";
        }
    }
}
