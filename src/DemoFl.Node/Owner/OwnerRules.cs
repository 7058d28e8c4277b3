using DemoFl.Protocol;

namespace DemoFl.Node.Owner;

/// <summary>An owner's policy with the count of rounds that it needs: judges what a server asks of this node.</summary>
/// <param name="Policy">What the owner accepts.</param>
/// <param name="Budget">The rounds so far; required where the policy limits them.</param>
public sealed record OwnerRules(OwnerPolicy Policy, RoundBudget? Budget = null)
{
    /// <summary>What keeps this node from joining, or null; for the owner's eyes.</summary>
    internal string? AtJoin(string server, Hash256 serverKey, RunId run, JobTerms job)
    {
        PolicyRefusal[] refusals = [.. Policy.Refuses(server, serverKey, run), .. Policy.Refuses(JobFacts.Of(job))];
        return refusals.Length == 0 ? null : Refusal(refusals).Reason;
    }

    /// <summary>
    /// What keeps this node from being a party of a round, or null. The owner reads all of it; the coordinator is told which settings, and not
    /// what they are set to.
    /// </summary>
    internal PartyRefusal? OfRound(RoundSpec spec, LeaderSet? leaders, NodeId self)
    {
        var (total, today) = Budget?.Used ?? default;
        PolicyRefusal?[] refusals =
        [
            .. Policy.Refuses(JobFacts.Of(spec, leaders)), leaders is null ? null : Policy.Refuses(leaders, self),
            .. Policy.CountsRounds ? Policy.Refuses(total, today) : [],
        ];
        PolicyRefusal[] real = [.. refusals.OfType<PolicyRefusal>()];
        return real.Length == 0 ? null : Refusal(real);
    }

    private static PartyRefusal Refusal(PolicyRefusal[] refusals) => new(
        $"the policy refuses {string.Join("; ", refusals.AsEnumerable())}", $"its owner's policy ({string.Join(", ", refusals.Select(r => r.Setting))})");
}
