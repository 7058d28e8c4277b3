namespace DemoFl.Protocol;

/// <summary>One try at closing a round; the first is 1.</summary>
public readonly record struct Attempt(int Number)
{
    /// <summary>The first attempt of every round.</summary>
    public static readonly Attempt First = new(1);

    /// <summary>The attempt after this one.</summary>
    public Attempt Next => new(Number + 1);

    /// <inheritdoc/>
    public override string ToString() => Number.ToString();
}
