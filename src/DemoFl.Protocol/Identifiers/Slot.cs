namespace DemoFl.Protocol;

/// <summary>A seat in the leader set, 0 to N_l - 1.</summary>
public readonly record struct Slot(int Index)
{
    /// <inheritdoc/>
    public override string ToString() => Index.ToString();
}
