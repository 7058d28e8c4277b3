using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay;

namespace DemoFl.Node.Tests.Federations;

/// <summary>The job of a test: three leaders, masked, everyone selected, no waiting in the election. Tests change what they are about.</summary>
internal static class Rules
{
    public static CoordinatorRules Of(int nodes, int rounds, Layout layout = Layout.Masked, int ring = 32) => new(
        default, 3, ElectionMode.First, TimeSpan.Zero, TimeSpan.FromSeconds(20), nodes, 1, 3, layout, Some.Encoding with { RingBits = ring },
        Some.Plan(Some.Model.Layout.Length), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20), rounds)
    {
        Care = Patient,
    };

    /// <summary>Nobody is lost because the machine that runs the tests is busy.</summary>
    public static LeaderCare Patient { get; } = new(TimeSpan.FromMinutes(1));

    public static Job JobOf(CoordinatorRules rules, Model? model = null, Dataset? heldOut = null)
    {
        model ??= Some.Model;
        var training = rules.Training with { Model = model.Name, Dimension = model.Layout.Length };
        return Job.Of($"model={model.Name} layout={rules.Layout}", model, 1, rules with { Training = training }, heldOut);
    }
}
