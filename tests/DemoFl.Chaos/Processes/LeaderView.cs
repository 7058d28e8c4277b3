namespace DemoFl.Chaos.Processes;

/// <summary>Who leads, as the server tells it. Thread-safe.</summary>
internal sealed class LeaderView(Func<string, string> nameOf)
{
    private volatile IReadOnlyList<string> _names = [];

    /// <summary>By slot.</summary>
    public IReadOnlyList<string> Names => _names;

    public void On(ChaosEvent happened)
    {
        if (!happened.IsOfServer)
        {
            return;
        }

        if (happened.Kind == "leadersSeated")
        {
            _names = [.. happened.Line["leaders"]!.AsArray().Select(id => nameOf($"{id}"))];
        }
        else if (happened.Kind == "replaced" && (int?)happened.Line["slot"] is { } slot && slot < _names.Count)
        {
            _names = [.. _names.Select((name, i) => i == slot ? nameOf(happened.Text("node")) : name)];
        }
    }
}
