using DemoFl.Chaos.Network;

namespace DemoFl.Chaos.Tests.Network;

/// <summary>A test on a disk of its own, which root may mount on Linux; skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DiskFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(() => Task.Run(SmallDisk.MissingAsync).GetAwaiter().GetResult());

    public DiskFactAttribute()
    {
        if (Missing.Value is { } missing) Skip = $"The test needs {missing}.";
    }
}
