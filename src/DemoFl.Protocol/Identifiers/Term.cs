namespace DemoFl.Protocol;

/// <summary>The life of one leader set. Grows by one at each change of the set and never decreases.</summary>
public readonly record struct Term(ulong Value) : IComparable<Term>
{
    /// <summary>The term after this one.</summary>
    public Term Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(Term other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();

    /// <summary>Ordering by number.</summary>
    public static bool operator <(Term left, Term right) => left.Value < right.Value;

    /// <summary>Ordering by number.</summary>
    public static bool operator >(Term left, Term right) => left.Value > right.Value;

    /// <summary>Ordering by number.</summary>
    public static bool operator <=(Term left, Term right) => left.Value <= right.Value;

    /// <summary>Ordering by number.</summary>
    public static bool operator >=(Term left, Term right) => left.Value >= right.Value;
}
