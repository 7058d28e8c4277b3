using System.Diagnostics;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>What scenarios of links and networks wait for.</summary>
internal static class RoundSteps
{
    /// <summary>Holds a round of all nodes open while all of them train; <c>Trainer.Release()</c> lets it go on.</summary>
    public static async Task<ChaosEvent> InTrainingAsync(this ProcessFederation federation, CancellationToken cancellation)
    {
        ulong round = await federation.HoldTrainingAsync(cancellation);
        return await federation.ServerSaysAsync(0, "roundStarted", cancellation, e => e.Round == round);
    }

    /// <summary>Waits for the end of one round.</summary>
    public static Task<ChaosEvent> EndOfAsync(this ProcessFederation federation, ChaosEvent started, CancellationToken cancellation) => federation.Events.WaitAsync(
        started.Index, e => e.IsOfServer && e.Round == started.Round && e.Kind is "round" or "aborted", $"round {started.Round} ends", cancellation);

    /// <summary>Waits for a commit that all nodes' updates are in.</summary>
    public static Task<ChaosEvent> WholeAsync(this ProcessFederation federation, int from, CancellationToken cancellation) => federation.Events.WaitAsync(
        from, e => e.IsCommit && e.Summed() == federation.Nodes.Count, "a round with all nodes in its sum is committed", cancellation);

    /// <summary>Waits for so many commits, and gives them.</summary>
    public static async Task<IReadOnlyList<ChaosEvent>> CommitsAsync(this ProcessFederation federation, int count, int from, CancellationToken cancellation)
    {
        var commits = new List<ChaosEvent>();
        while (commits.Count < count)
        {
            commits.Add(await federation.CommitAsync(from, cancellation));
            from = commits[^1].Index + 1;
        }

        return commits;
    }

    /// <summary>Lets rounds be committed for a while, and gives them.</summary>
    public static async Task<IReadOnlyList<ChaosEvent>> CommitsForAsync(this ProcessFederation federation, TimeSpan time, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        int from = federation.Events.Now;
        var commits = new List<ChaosEvent>();
        do
        {
            commits.Add(await federation.CommitAsync(commits.Count == 0 ? from : commits[^1].Index + 1, cancellation));
        }
        while (commits[^1].Since(began) < time);
        return commits;
    }

    /// <summary>What the server said of lost leaders since an index, in words; empty when there was none.</summary>
    public static string Losses(this ProcessFederation federation, int from) => string.Join(
        ", ", federation.Events.From(from).Where(e => e.IsOfServer && e.Kind == "leaderLost").Select(e => $"{federation.NameOf(e.Text("node"))} ({e.Text("reason")})"));

    /// <summary>The parties that a round was opened for.</summary>
    public static int Selected(this ChaosEvent started) => (int?)started.Line["parties"] ?? 0;

    /// <summary>The parties that are in a committed round's sum.</summary>
    public static int Summed(this ChaosEvent commit) => (int?)commit.Line["intersection"] ?? 0;

    /// <summary>How long a committed round took, by the server's clock.</summary>
    public static double Seconds(this ChaosEvent commit) => (double?)commit.Line["seconds"] ?? double.NaN;

    /// <summary>From a moment to an event.</summary>
    public static TimeSpan Since(this ChaosEvent happened, long moment) => Stopwatch.GetElapsedTime(moment, happened.At);
}
