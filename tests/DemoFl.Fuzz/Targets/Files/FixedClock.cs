namespace DemoFl.Fuzz;

/// <summary>A time that does not pass.</summary>
internal sealed class FixedClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => FixedIdentities.Now;
}
