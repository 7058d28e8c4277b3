using System.Diagnostics;
using DemoFl.Identity;

namespace DemoFl.Chaos.Network;

/// <summary>Many nodes in this process, each with connections of its own, and when what happened to each. Thread-safe.</summary>
internal sealed class Herd : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(HerdNode Node, HerdEvent Kind, long At)> _events = [];
    private readonly HerdNode[] _nodes;
    private readonly Task<(bool Succeeded, string Reason)>[] _running;
    private TaskCompletionSource _changed = NewSignal();

    private Herd(IEnumerable<string> names, string keyFolder, Uri server, ITrustPolicy trust)
    {
        _nodes = [.. names.Select(n => new HerdNode(n, Path.Combine(keyFolder, $"{n}.key"), server, trust, Add))];
        _running = [.. _nodes.Select(n => Task.Run(() => n.RunAsync(_stop.Token)))];
    }

    /// <summary>Nodes that have ended, though the run has not.</summary>
    public int Ended => _running.Count(r => r.IsCompleted);

    /// <summary>Starts all of them at once.</summary>
    /// <param name="names">Their names.</param>
    /// <param name="keyFolder">Folder of their keys.</param>
    /// <param name="rosterFile">Who belongs.</param>
    /// <param name="server">Where they connect.</param>
    public static Herd Start(IEnumerable<string> names, string keyFolder, string rosterFile, Uri server) =>
        new(names, keyFolder, server, new RosterTrust(Roster.Load(rosterFile)));

    /// <summary>When each node that had something happen to it since a moment had it first, in order.</summary>
    public IReadOnlyList<long> FirstSince(HerdEvent kind, long moment)
    {
        lock (_gate)
        {
            return [.. _events.Where(e => e.Kind == kind && e.At >= moment).GroupBy(e => e.Node).Select(g => g.Min(e => e.At)).Order()];
        }
    }

    /// <summary>Waits until something has happened to all nodes, so many times each, since a moment.</summary>
    /// <exception cref="ChaosException">It has not, within the patience.</exception>
    public async Task UntilAllAsync(HerdEvent kind, int times, long moment, TimeSpan patience, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(patience);
        while (true)
        {
            int ready;
            Task changed;
            lock (_gate)
            {
                ready = _events.Where(e => e.Kind == kind && e.At >= moment).GroupBy(e => e.Node).Count(g => g.Count() >= times);
                changed = _changed.Task;
            }

            if (ready == _nodes.Length)
            {
                return;
            }

            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                throw new ChaosException($"{kind}: {ready} of {_nodes.Length} nodes within {patience.TotalSeconds:0} s; {Ended} have ended.", e);
            }
        }
    }

    /// <summary>The most of some moments that fall within one second.</summary>
    public static int PeakPerSecond(IReadOnlyList<long> moments)
    {
        int peak = 0;
        for (int first = 0, last = 0; last < moments.Count; last++)
        {
            while (Stopwatch.GetElapsedTime(moments[first], moments[last]) > TimeSpan.FromSeconds(1))
            {
                first++;
            }

            peak = Math.Max(peak, last - first + 1);
        }

        return peak;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)Task.WhenAll(_running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Array.ForEach(_nodes, n => n.Dispose());
        _stop.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Add(HerdNode node, HerdEvent kind)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _events.Add((node, kind, Stopwatch.GetTimestamp()));
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }
}
