namespace DemoFl.Figures.KeySetup;

/// <summary>Which key agreements are measured, and what the figure's axis counts.</summary>
internal sealed record KeySetupSweep(string Name, string Counts, string Fixed, Func<KeySetupPoint, int> At, IReadOnlyList<(int Nodes, int Leaders)> Sizes)
{
    private const int NodesOverLeaders = 100;
    private const int LeadersOverNodes = 3;

    /// <summary>1 to 15 leaders of 100 nodes.</summary>
    public static KeySetupSweep Leaders { get; } = new(
        "setup-leaders", "leaders", $"{NodesOverLeaders} clients", p => p.Leaders, [.. Enumerable.Range(1, 15).Select(l => (NodesOverLeaders, l))]);

    /// <summary>10 to 1,000 nodes, three of which lead.</summary>
    public static KeySetupSweep Nodes { get; } = new(
        "setup-clients", "clients", $"{LeadersOverNodes} leaders", p => p.Nodes,
        [.. new[] { 10, 20, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000 }.Select(n => (n, LeadersOverNodes))]);
}
