namespace DemoFl.Protocol;

/// <summary>
/// Raft's number of an election and of whoever won it (Ongaro and Ousterhout 2014, section 5.1, where it is called a term). Grows without end, over all
/// restarts; at most one institution wins each. A <see cref="Term"/> here is something else: the life of a leader set.
/// </summary>
public readonly record struct Ballot(ulong Value) : IComparable<Ballot>
{
    /// <summary>The ballot after this one.</summary>
    public Ballot Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(Ballot other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();

    /// <summary>Ordering by number.</summary>
    public static bool operator <(Ballot left, Ballot right) => left.Value < right.Value;

    /// <summary>Ordering by number.</summary>
    public static bool operator >(Ballot left, Ballot right) => left.Value > right.Value;

    /// <summary>Ordering by number.</summary>
    public static bool operator <=(Ballot left, Ballot right) => left.Value <= right.Value;

    /// <summary>Ordering by number.</summary>
    public static bool operator >=(Ballot left, Ballot right) => left.Value >= right.Value;
}
