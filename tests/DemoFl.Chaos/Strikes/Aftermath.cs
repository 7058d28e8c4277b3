using System.Diagnostics;
using DemoFl.Chaos.Oracle;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Strikes;

/// <summary>What became of a federation that was struck, in facts.</summary>
/// <param name="Fate">What became of the round that was open.</param>
/// <param name="Recovery">From the blow until a round was committed, the open one or the next.</param>
/// <param name="Whole">The first round that all nodes were in again.</param>
/// <param name="Lost">Rounds that came to nothing, the open one or one after it.</param>
/// <param name="Facts">Journal, checkpoints and events.</param>
internal sealed record Aftermath(string Fate, TimeSpan Recovery, ulong Whole, IReadOnlyList<ulong> Lost, FederationFacts Facts)
{
    /// <summary>
    /// No more than one round came to nothing, everybody came back, and all facts fit. The one is the open round, or, where that was committed without the
    /// dead, the next, which was opened before anybody knew of the loss.
    /// </summary>
    public bool IsWell => Lost.Count <= 1 && Facts.AreRight;

    public override string ToString() =>
        $"{Fate}; {(Lost.Count == 0 ? "no round" : $"round {string.Join(" and ", Lost)}")} came to nothing; all nodes in round {Whole}; {Facts}";

    /// <summary>Starts again what was killed, as a service manager would, and waits until a round is committed, and one with all nodes in it.</summary>
    /// <param name="federation">Whose.</param>
    /// <param name="strike">What was done to it.</param>
    /// <param name="letGo">Ends whatever held the phase open; called before anything is started again.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<Aftermath> OfAsync(ProcessFederation federation, Strike strike, Action letGo, CancellationToken cancellation)
    {
        letGo();
        await RestartAsync(federation, strike, cancellation);
        ulong first = strike.Moment.Round ?? Opened(federation.Events.All.Take(strike.From)).LastOrDefault() + 1;
        var commit = await federation.CommitAsync(strike.From, cancellation, first);
        var whole = await federation.WholeCommitAsync(strike.From, cancellation, first + 1);
        var facts = federation.Facts();
        var events = federation.Events.From(strike.From);
        ulong[] lost = [.. Opened(federation.Events.All).Where(r => r >= first && r < whole.Round && !facts.Has(r)).Distinct()];
        return new Aftermath(FateOf(strike, facts, events), Stopwatch.GetElapsedTime(strike.At, commit.At), whole.Round!.Value, lost, facts);
    }

    private static IEnumerable<ulong> Opened(IEnumerable<ChaosEvent> events) => events.Where(e => e.IsOpening).Select(e => e.Round!.Value);

    private static async Task RestartAsync(ProcessFederation federation, Strike strike, CancellationToken cancellation)
    {
        if (strike.Victims.Contains(ProcessFederation.Server))
        {
            await federation.StartServerAsync(cancellation);
        }

        federation.StartNodes(strike.Victims.Where(v => v != ProcessFederation.Server));
    }

    private static string FateOf(Strike strike, FederationFacts facts, IReadOnlyList<ChaosEvent> events)
    {
        if (strike.Moment.Round is not { } round)
        {
            return "no round was open";
        }

        if (facts.Committed.FirstOrDefault(c => c.Round == round) is { } commit)
        {
            bool replaced = events.Any(e => e.IsOfServer && e.Kind == "resumed" && e.Round == round);
            return $"round {round} committed with {commit.Parties.Count} parties{(replaced ? " and another leader" : "")}";
        }

        var aborted = events.FirstOrDefault(e => e.IsOfServer && e.Kind == "aborted" && e.Round == round);
        return aborted is null ? $"round {round} given up" : $"round {round} aborted: {aborted.Text("reason")}";
    }
}
