using System.Globalization;
using DemoFl.Protocol;

namespace DemoFl.Node.Owner;

/// <summary>
/// What a node's owner accepts, as a policy file says it; null accepts anything. Immutable and pure: the same facts get the same answer.
/// </summary>
public sealed record OwnerPolicy
{
    /// <summary>Ends a model that stands for all that begin so.</summary>
    public const char AnyEnding = '*';

    /// <summary>Servers by name, or by the SHA-256 of their key (64 hex digits). A name alone proves nothing unless a roster lists it.</summary>
    public IReadOnlyList<string>? Servers { get; init; }

    /// <summary>Runs by id (32 hex digits).</summary>
    public IReadOnlyList<string>? Runs { get; init; }

    /// <summary>Models: exact, or with <c>*</c> at the end for all that begin so.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Layouts.</summary>
    public IReadOnlyList<Layout>? Layouts { get; init; }

    /// <summary>Nodes whose leading is accepted, by id (64 hex digits); this node itself always is.</summary>
    public IReadOnlyList<string>? Leaders { get; init; }

    /// <summary>The smallest N_l.</summary>
    public int? MinLeaders { get; init; }

    /// <summary>The smallest k_min.</summary>
    public int? MinKMin { get; init; }

    /// <summary>The most local epochs.</summary>
    public int? MaxEpochs { get; init; }

    /// <summary>The shortest upload deadline.</summary>
    public TimeSpan? MinUploadDeadline { get; init; }

    /// <summary>The most rounds, over all runs.</summary>
    public long? MaxRounds { get; init; }

    /// <summary>The most rounds in a day (UTC), over all runs.</summary>
    public long? MaxRoundsADay { get; init; }

    /// <summary>Whether rounds are accepted in which parties give means and variances of their columns, in secure sums.</summary>
    public bool Standardize { get; init; } = true;

    /// <summary>The columns of a table that may be read, the label's among them.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The share of the training examples that may be used, above 0 and up to 1: the same ones as long as the data stay the same.</summary>
    public double? DataShare { get; init; }

    /// <summary>Whether rounds have to be counted.</summary>
    public bool CountsRounds => MaxRounds is not null || MaxRoundsADay is not null;

    /// <summary>What is wrong with a job or a round, setting by setting.</summary>
    public IEnumerable<PolicyRefusal> Refuses(JobFacts job)
    {
        if (Models is not null && !Models.Any(m => Covers(m, job.Model)))
        {
            yield return new PolicyRefusal("models", $"the model is {job.Model}, accepted are {string.Join(", ", Models)}");
        }

        if (Layouts is not null && !Layouts.Contains(job.Layout))
        {
            yield return new PolicyRefusal("layouts", $"the layout is {Name(job.Layout)}, accepted are {string.Join(", ", Layouts.Select(Name))}");
        }

        if (job.Leaders < MinLeaders)
        {
            yield return new PolicyRefusal("min-leaders", $"there are {job.Leaders} leaders, accepted are {MinLeaders} or more");
        }

        if (job.Layout != Layout.Plain && job.KMin < MinKMin)
        {
            yield return new PolicyRefusal("min-k", $"k_min is {job.KMin}, accepted is {MinKMin} or more");
        }

        if (job.Epochs > MaxEpochs)
        {
            yield return new PolicyRefusal("max-epochs", $"a round trains {job.Epochs} epochs, accepted are {MaxEpochs} or fewer");
        }

        if (job.UploadDeadline < MinUploadDeadline)
        {
            yield return new PolicyRefusal("min-upload-deadline", $"the upload deadline is {Seconds(job.UploadDeadline)}, accepted are {Seconds(MinUploadDeadline)} or more");
        }

        if (job.Standardizes && !Standardize)
        {
            yield return new PolicyRefusal("standardize", "parties give means and variances of their columns, and the policy does not accept that");
        }
    }

    /// <summary>What is wrong with a server and its run.</summary>
    public IEnumerable<PolicyRefusal> Refuses(string server, Hash256 serverKey, RunId run)
    {
        if (Servers is not null && !Servers.Contains(server) && !Servers.Contains(serverKey.ToString()))
        {
            yield return new PolicyRefusal("servers", $"the server is '{server}' with the key {serverKey}, and the policy names neither");
        }

        if (Runs is not null && !Runs.Contains(run.ToString()))
        {
            yield return new PolicyRefusal("runs", $"the run is {run}, and the policy does not name it");
        }
    }

    /// <summary>Whose leading is not accepted.</summary>
    public PolicyRefusal? Refuses(LeaderSet leaders, NodeId self)
    {
        string[] strangers = Leaders is null
            ? []
            : [.. leaders.Seats.Select(s => s.Holder).Where(h => h != self).Select(h => h.Value.ToString()).Where(id => !Leaders.Contains(id))];
        return strangers.Length == 0 ? null : new PolicyRefusal("leaders", $"the policy does not name {string.Join(", ", strangers)}, who hold slots");
    }

    /// <summary>Whether the rounds that were accepted are used up.</summary>
    public IEnumerable<PolicyRefusal> Refuses(long total, long today)
    {
        if (total >= MaxRounds)
        {
            yield return new PolicyRefusal("max-rounds", $"{total} rounds have been taken part in, and accepted are {MaxRounds}");
        }

        if (today >= MaxRoundsADay)
        {
            yield return new PolicyRefusal("max-rounds-a-day", $"{today} rounds have been taken part in today (UTC), and accepted are {MaxRoundsADay} a day");
        }
    }

    private static bool Covers(string accepted, string model) => accepted.EndsWith(AnyEnding)
        ? model.StartsWith(accepted[..^1], StringComparison.Ordinal)
        : accepted == model;

    private static string Name(Layout layout) => layout.ToString().ToLowerInvariant();

    private static string Seconds(TimeSpan? time) => string.Create(CultureInfo.InvariantCulture, $"{time!.Value.TotalSeconds:0.###} s");
}
