using System.Diagnostics;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios;

/// <summary>A process stands still with its connections open, and goes on later as if no time had passed.</summary>
internal sealed class Freeze(params IReadOnlyList<string> roles) : IScenario
{
    /// <summary>Longer than three heartbeats of half a second, shorter than any time-out of a connection.</summary>
    private static readonly TimeSpan ServerStandsStill = TimeSpan.FromSeconds(4);

    private static readonly Dictionary<string, Func<ProcessFederation, CancellationToken, Task<ChaosResult>>> Roles = new()
    {
        ["leader"] = FreezeLeaderAsync, ["party"] = FreezePartyAsync, ["server"] = FreezeServerAsync,
    };

    /// <summary>All that can be frozen.</summary>
    public static IReadOnlyList<string> AllRoles { get; } = ["leader", "party", "server"];

    public string Name => "freeze";

    public string Did => "SIGSTOP while the parties of a round train, to a leader, to a party and to the server; SIGCONT later";

    public string Expected =>
        "a frozen leader is replaced after three heartbeats and fenced when it wakes, a frozen party is left out by the deadline, nobody is lost to a server that "
        + "stood still; the round commits, and all are in a later one";

    public async Task<IReadOnlyList<ChaosResult>> RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        var plan = new FederationPlan { Job = new Dictionary<string, string> { ["upload-deadline"] = "8s" } };
        await using var federation = await ProcessFederation.StartAsync(workshop, plan, cancellation);
        await federation.CommitAsync(0, cancellation);
        var results = new List<ChaosResult>();
        foreach (string role in roles)
        {
            workshop.Tell($"  freezing a {role}");
            results.Add(await Roles[role](federation, cancellation));
        }

        federation.Succeeded(results.TrueForAll(r => r.Ok));
        return results;
    }

    private static async Task<ChaosResult> FreezeLeaderAsync(ProcessFederation federation, CancellationToken cancellation)
    {
        ulong round = await federation.HoldTrainingAsync(cancellation);
        string leader = federation.Leaders[^1];
        var (from, frozen) = (federation.Events.Now, Stopwatch.GetTimestamp());
        federation.Freeze(leader);
        var lost = await federation.ServerSaysAsync(from, "leaderLost", cancellation);
        var resumed = await federation.ServerSaysAsync(from, "resumed", cancellation);
        federation.Trainer.Release();
        var commit = await federation.CommitAsync(from, cancellation);
        int awake = federation.Events.Now;
        federation.Continue(leader);
        ulong whole = (await federation.WholeCommitAsync(awake, cancellation)).Round!.Value;
        var facts = federation.Facts();
        bool ok = facts.AreRight && commit.Round == round && federation.NameOf(lost.Text("node")) == leader;
        string happened = $"round {round}: {lost.Text("reason")}; it went on with another leader; the frozen one woke and is in round {whole}; {facts}";
        return new ChaosResult("freeze", "leader", "training", happened, ok, Stopwatch.GetElapsedTime(frozen, resumed.At));
    }

    private static async Task<ChaosResult> FreezePartyAsync(ProcessFederation federation, CancellationToken cancellation)
    {
        ulong round = await federation.HoldTrainingAsync(cancellation);
        string party = federation.Followers.First();
        int from = federation.Events.Now;
        federation.Freeze(party);
        federation.Trainer.Release();
        var commit = await federation.CommitAsync(from, cancellation);
        var (awake, woken) = (federation.Events.Now, Stopwatch.GetTimestamp());
        federation.Continue(party);
        var back = await federation.WholeCommitAsync(awake, cancellation);
        var facts = federation.Facts();
        bool ok = facts.AreRight && commit.Round == round && !facts.Committed.First(c => c.Round == round).Parties.Contains(party);
        string happened = $"round {round} was committed without it; it woke and is in round {back.Round}; {facts}";
        return new ChaosResult("freeze", "party", "training", happened, ok, Stopwatch.GetElapsedTime(woken, back.At));
    }

    private static async Task<ChaosResult> FreezeServerAsync(ProcessFederation federation, CancellationToken cancellation)
    {
        ulong round = await federation.HoldTrainingAsync(cancellation);
        int from = federation.Events.Now;
        federation.Freeze(ProcessFederation.Server);

        // Nobody can tell of anything meanwhile: the time itself is the fault.
        await Task.Delay(ServerStandsStill, cancellation);
        long woken = Stopwatch.GetTimestamp();
        federation.Continue(ProcessFederation.Server);
        federation.Trainer.Release();
        var commit = await federation.CommitAsync(from, cancellation);
        ulong whole = (await federation.WholeCommitAsync(from, cancellation)).Round!.Value;
        int lost = federation.Events.From(from).Count(e => e.IsOfServer && e.Kind == "leaderLost");
        var facts = federation.Facts();
        bool ok = facts.AreRight && commit.Round == round && lost == 0;
        string happened =
            $"after {ServerStandsStill.TotalSeconds:0} s round {round} was committed, {lost} leaders were given up; all are in round {whole}; {facts}";
        return new ChaosResult("freeze", "server", "training", happened, ok, Stopwatch.GetElapsedTime(woken, commit.At));
    }
}
