using System.Diagnostics;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>One fault under way: to whom it is done, and what has been found. Not thread-safe.</summary>
internal sealed class FaultRun(ProcessFederation federation, CancellationToken cancellation)
{
    /// <summary>L1: three heartbeats of 500 ms, an election window of 500 ms, and a second.</summary>
    public static readonly TimeSpan ReplacementBound = TimeSpan.FromSeconds(3);

    public ProcessFederation Federation => federation;

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
        Findings.Require(took <= ReplacementBound, $"replaced after {Seconds.Of(took)} ({lost.Text("reason")})");
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

    /// <summary>What the case came to, its federation's journal and models included.</summary>
    public ChaosResult Result(string fault, string role, string phase)
    {
        var facts = federation.Facts();
        Findings.Require(facts.AreRight, facts.ToString());
        return new ChaosResult(fault, role, phase, Findings.ToString(), Findings.AllHold, Recovery);
    }

    public static long Now => Stopwatch.GetTimestamp();
}
