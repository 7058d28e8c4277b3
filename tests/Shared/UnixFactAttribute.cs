namespace DemoFl.Tests;

/// <summary>A test of file modes, which Windows does not have.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows has no Unix file modes; key files there are protected by the folder's access list.";
    }
}
