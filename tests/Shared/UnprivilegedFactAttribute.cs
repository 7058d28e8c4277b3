namespace DemoFl.Tests;

/// <summary>A test of what a user may not do, which root may.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows has no Unix file modes; key files there are protected by the folder's access list.";
        else if (Environment.IsPrivilegedProcess)
            Skip = "Root may read every folder; run the tests as another user.";
    }
}
