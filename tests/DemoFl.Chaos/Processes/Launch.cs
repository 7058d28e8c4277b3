namespace DemoFl.Chaos.Processes;

/// <summary>How a process is started other than usual. Immutable.</summary>
internal sealed record Launch
{
    /// <summary>As usual.</summary>
    public static Launch Plain { get; } = new();

    /// <summary>What stands before the command and replaces itself by it, such as <c>ip netns exec NAME</c>: the process keeps its id.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>What stands behind it: further options of <c>demofl server</c> or <c>demofl node</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Added to this process's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
