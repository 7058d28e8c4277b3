namespace DemoFl.Protocol;

/// <summary>One global model step. Every opening takes a new number, committed or not.</summary>
public readonly record struct Round(ulong Value) : IComparable<Round>
{
    /// <summary>The round after this one.</summary>
    public Round Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(Round other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();

    /// <summary>Ordering by number.</summary>
    public static bool operator <(Round left, Round right) => left.Value < right.Value;

    /// <summary>Ordering by number.</summary>
    public static bool operator >(Round left, Round right) => left.Value > right.Value;

    /// <summary>Ordering by number.</summary>
    public static bool operator <=(Round left, Round right) => left.Value <= right.Value;

    /// <summary>Ordering by number.</summary>
    public static bool operator >=(Round left, Round right) => left.Value >= right.Value;
}
