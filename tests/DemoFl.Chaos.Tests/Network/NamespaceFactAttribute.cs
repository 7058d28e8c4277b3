using DemoFl.Chaos.Network;

namespace DemoFl.Chaos.Tests.Network;

/// <summary>A test in network namespaces, which root may make on Linux; skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespaceFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(() => Task.Run(NetworkNamespaces.MissingAsync).GetAwaiter().GetResult());

    public NamespaceFactAttribute()
    {
        if (Missing.Value is { } missing) Skip = $"The test needs {missing}.";
    }
}
