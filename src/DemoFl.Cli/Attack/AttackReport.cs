namespace DemoFl.Cli.Attack;

/// <summary>The table, and what stands beside it.</summary>
/// <param name="Scene">What was trained.</param>
/// <param name="Results">One row each.</param>
/// <param name="SumCosine">|cosine| of the sum of all updates, which everyone sees, with the victim's: what a result is beyond.</param>
internal sealed record AttackReport(AttackScene Scene, IReadOnlyList<AttackResult> Results, double SumCosine)
{
    public bool IsAsPromised => Results.All(r => r.IsAsPromised);
}
