namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>A node as it outlives its processes: its name, the process that hosts it, its habit, and its present life, if any.</summary>
internal sealed class Resident(int index, Scenario scenario)
{
    public string Name { get; } = $"node-{index:00}";

    public NodeId Id { get; } = new(new CanonicalWriter("resident").UInt64(scenario.Seed).Int32(index).ToHash());

    public int Index => index;

    public int Process => index / scenario.NodesPerProcess;

    public bool CanLead => index % scenario.NodesPerProcess == 0;

    public Habit Habit => scenario.Habits[index];

    public NodeHost? Life { get; set; }

    public bool LeftForGood { get; set; }

    public NodePolicy Policy => Habit == Habit.Strict
        ? new NodePolicy(MinKMin: scenario.Rules.KMin + 1, AllowPlain: false)
        : new NodePolicy(MinLeaders: Math.Min(2, scenario.Rules.Leaders), AllowPlain: true);
}
