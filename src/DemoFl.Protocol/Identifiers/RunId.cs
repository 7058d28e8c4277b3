namespace DemoFl.Protocol;

/// <summary>One run of one federation: 128 random bits chosen when its journal is created.</summary>
public readonly record struct RunId(UInt128 Value)
{
    /// <summary>32 lower-case hex digits.</summary>
    public override string ToString() => Value.ToString("x32");
}
