namespace DemoFl.Simulation;

/// <summary>A node as it outlives its processes: its name, the process that hosts it, its habit, and its present session, if any.</summary>
internal sealed class Resident(int index, Scenario scenario)
{
    public string Name { get; } = NameOf(index);

    public NodeId Id { get; } = new(Randomness.For(scenario.Seed, NameOf(index)).Next256());

    public int Index => index;

    public int Process => index / scenario.NodesPerProcess;

    public bool CanLead => index % scenario.NodesPerProcess == 0;

    public Habit Habit => scenario.Habits[index];

    /// <summary>In league with an evil server.</summary>
    public bool IsCorrupt { get; } = scenario.Evil?.Corrupt.Contains(index) ?? false;

    public NodeHost? Life { get; set; }

    public bool LeftForGood { get; set; }

    public NodePolicy Policy => Habit == Habit.Strict
        ? new NodePolicy(MinKMin: scenario.Rules.KMin + 1, AllowPlain: false)
        : new NodePolicy(MinLeaders: Math.Min(2, scenario.Rules.Leaders), AllowPlain: scenario.Rules.Layout == Layout.Plain);

    public static string NameOf(int index) => $"node-{index:00}";
}
