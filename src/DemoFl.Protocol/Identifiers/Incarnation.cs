namespace DemoFl.Protocol;

/// <summary>One life of a process: 128 random bits drawn at its start. Nodes hosted by one process share it.</summary>
public readonly record struct Incarnation(UInt128 Value)
{
    /// <summary>32 lower-case hex digits.</summary>
    public override string ToString() => Value.ToString("x32");
}
