namespace DemoFl.Tests;

/// <summary>A test that looks processes up in /proc and sends them signals.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "The test finds child processes in /proc, which only Linux has.";
    }
}
