namespace DemoFl.Node.Owner;

/// <summary>One setting of the owner's policy that something does not meet.</summary>
/// <param name="Setting">The setting's key.</param>
/// <param name="Reason">What was asked and what is accepted, for the owner.</param>
public sealed record PolicyRefusal(string Setting, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Setting}: {Reason}";
}
