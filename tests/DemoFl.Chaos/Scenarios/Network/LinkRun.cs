using System.Diagnostics;
using DemoFl.Chaos.Network;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>One fault of a link under way: the federation, its links, and what has been found. Not thread-safe.</summary>
internal sealed class LinkRun(ProcessFederation federation, FaultyLinks links, CancellationToken cancellation)
{
    public ProcessFederation Federation => federation;

    public FaultyLinks Links => links;

    public CancellationToken Cancellation => cancellation;

    public Findings Findings { get; } = new();

    /// <summary>What the result says.</summary>
    public TimeSpan? Recovery { get; set; }

    /// <summary>Who leads now, in the first slot.</summary>
    public string Leader { get; } = federation.Leaders[0];

    /// <summary>A node that does not lead now.</summary>
    public string Party { get; } = federation.Followers.First();

    /// <summary>Waits until a round with all nodes in it is committed: the recovery, from a moment on.</summary>
    public async Task RecoverAsync(long moment)
    {
        var whole = await federation.WholeAsync(federation.Events.Now, cancellation);
        Recovery = whole.Since(moment);
        Findings.Tell($"round {whole.Round} has all {federation.Nodes.Count} again");
    }

    /// <summary>No leader was lost since an index.</summary>
    public void RequireNoLoss(int from)
    {
        string losses = federation.Losses(from);
        Findings.Require(losses.Length == 0, losses.Length == 0 ? "no leader replaced" : $"lost: {losses}");
    }

    /// <summary>Waits until a leader is replaced, and requires that it is within the bound from a moment on.</summary>
    public async Task ReplacedAsync(int from, string leader, long struck)
    {
        var lost = await federation.ServerSaysAsync(from, "leaderLost", cancellation, e => federation.NameOf(e.Text("node")) == leader);
        var replaced = await federation.ServerSaysAsync(lost.Index, "replaced", cancellation);
        var took = replaced.Since(struck);
        Findings.Require(took <= LinkScenario.ReplacementBound, $"replaced after {Seconds.Of(took)} ({lost.Text("reason")})");
        Findings.Require(federation.NameOf(replaced.Text("node")) != leader, "by another node");
    }

    /// <summary>Waits until a round has ended, and requires that it was committed with so many in its sum, or as many as are there.</summary>
    public async Task<ChaosEvent> CommittedAsync(ChaosEvent started, params int[] summed)
    {
        var end = await federation.EndOfAsync(started, cancellation);
        Findings.Require(
            end.IsCommit && summed.Contains(end.Summed()),
            end.IsCommit ? $"round {end.Round} committed with {end.Summed()} of {started.Selected()}" : $"round {end.Round} aborted: {end.Text("reason")}");
        return end;
    }

    public static long Now => Stopwatch.GetTimestamp();
}
