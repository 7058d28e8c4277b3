using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Cli.Jobs;

/// <summary>Every way in which a job's values may not go together.</summary>
internal static class JobContradictions
{
    /// <summary>Bits that a value must keep beside the carries of the sum (DESIGN section 6).</summary>
    private const int MinValueBits = 8;

    public static readonly IReadOnlyList<JobContradiction> All =
    [
        new(["clip", "clip-min", "clip-max"], "clip lies between clip-min and clip-max", Clip),
        new(["k-min", "parties", "fraction"], "k-min is no more than parties, nor than the ceil(parties x fraction) that a round selects", KMin),
        new(["parties", "fraction"], $"a round selects at most {RoundSpec.MaxParticipants} parties", Selected),
        new(["leaders", "parties", "processes", "layout"], "there are no more leaders than processes that host a party, except in a plain run", Leaders),
        new(["ring", "parties", "fraction"], $"at least {MinValueBits} bits are left for a value beside the carries of as many parties as a round selects", Ring),
        new(["model", "start"], "model external starts from a file", Start),
        new(["model", "evaluate"], "model external goes with evaluate false: the server cannot judge it", Evaluate),
        new(["model", "standardize"], "standardize goes with a model of DemoFl's own, which it puts a layer before", Standardize),
        new(["mode", "intersect", "layout"], "mode sofl and intersect leaders go with a layout that has leaders, masked or rotating", Intersect),
        new(["server-optimizer", "server-lr"], "server-lr goes with a server-optimizer", ServerLearningRate),
    ];

    private static string? Clip(JobValues v) => v.ClipMin > v.ClipMax || v.Clip < v.ClipMin || v.Clip > v.ClipMax
        ? $"clip is {v.Clip}, outside clip-min {v.ClipMin} to clip-max {v.ClipMax}. Set it between them."
        : null;

    private static string? KMin(JobValues v) =>
        v.KMin > v.Parties ? $"k-min is {v.KMin}, more than the {v.Parties} parties. Lower it, or raise parties."
        : v.KMin > SelectedOf(v) ? $"k-min is {v.KMin}, but fraction {v.Fraction} of {v.Parties} parties selects only {SelectedOf(v)}. Lower k-min, or raise fraction."
        : null;

    private static string? Selected(JobValues v) => SelectedOf(v) > RoundSpec.MaxParticipants
        ? $"fraction {v.Fraction} of {v.Parties} parties selects {SelectedOf(v)}, more than {RoundSpec.MaxParticipants} a round. Lower fraction."
        : null;

    private static string? Leaders(JobValues v)
    {
        int processes = Math.Min(v.Parties, v.Processes);
        return v.Layout != Layout.Plain && v.Leaders > processes
            ? $"leaders is {v.Leaders}; one process holds at most one slot, and there are {processes}. Lower leaders, or raise processes."
            : null;
    }

    private static string? Ring(JobValues v)
    {
        int valueBits = v.Ring - (int)Math.Ceiling(Math.Log2(SelectedOf(v)));
        return valueBits < MinValueBits
            ? $"ring {v.Ring} leaves {valueBits} bits a value for {SelectedOf(v)} parties, fewer than {MinValueBits}. Use ring 32 or a smaller fraction."
            : null;
    }

    private static string? Start(JobValues v) => v.Model == TrainingPlan.ExternalModel && v.Start == StartModel.Random
        ? "model is external, and only a file can say what its tensors are. Set start to a safetensors file."
        : null;

    private static string? Evaluate(JobValues v) => v.Model == TrainingPlan.ExternalModel && v.Evaluate
        ? "model is external, and the server cannot judge it. Set evaluate to false; the parties' own figures are reported."
        : null;

    private static string? Standardize(JobValues v) =>
        v is { Standardize: true, Model: TrainingPlan.ExternalModel } ? "standardize is true, and the columns of model external are not the server's to name. Set standardize to false."
        : Models.IsStandardized(v.Model) ? $"model is {v.Model}, which standardize makes of a model. Leave 'standardized:' out, and set standardize to true."
        : null;

    private static string? Intersect(JobValues v) =>
        v.Layout != Layout.Plain ? null
        : v.Sofl ? "mode is sofl, and layout plain has no leaders. Set layout to masked or rotating, or leave mode out."
        : v.LeadersIntersect ? "intersect is leaders, and layout plain has none. Set layout to masked or rotating, or intersect to coordinator."
        : null;

    private static string? ServerLearningRate(JobValues v) => v.ServerStep.Method == ServerMethod.None && v.ServerLearningRate > 0
        ? $"server-lr is {v.ServerLearningRate}, and server-optimizer none takes no steps of its own. Use server-optimizer momentum:0 for plain steps."
        : null;

    private static int SelectedOf(JobValues values) => (int)Math.Ceiling(values.Parties * values.Fraction);
}
