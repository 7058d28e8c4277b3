using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DemoFl.Chaos.Processes;

/// <summary>All events of a federation's processes in the order in which they arrived, and waiting for the next. Thread-safe.</summary>
internal sealed class EventLog(TimeSpan patience)
{
    private const int ShownAtTimeout = 40;

    private readonly Lock _gate = new();
    private readonly List<ChaosEvent> _events = [];
    private TaskCompletionSource _grown = NewSignal();

    /// <summary>Raised in the reading thread, before anybody who waits goes on: the quickest way to act on an event.</summary>
    public event Action<ChaosEvent>? Happened;

    /// <summary>The index that the next event will have: what is waited for from here on is new.</summary>
    public int Now
    {
        get
        {
            lock (_gate)
            {
                return _events.Count;
            }
        }
    }

    public IReadOnlyList<ChaosEvent> All => From(0);

    public void Add(string source, int life, string line)
    {
        if (JsonNode.Parse(line) is not JsonObject json)
        {
            throw new ChaosException($"{source} printed what is no event: {line}");
        }

        ChaosEvent added;
        TaskCompletionSource grown;
        lock (_gate)
        {
            _events.Add(added = new ChaosEvent(_events.Count, source, life, Stopwatch.GetTimestamp(), json));
            (grown, _grown) = (_grown, NewSignal());
        }

        Happened?.Invoke(added);
        grown.SetResult();
    }

    /// <summary>Those from an index on.</summary>
    public IReadOnlyList<ChaosEvent> From(int index)
    {
        lock (_gate)
        {
            return index >= _events.Count ? [] : [.. _events.Skip(index)];
        }
    }

    /// <summary>The first event at or after an index of which something holds; waits for it.</summary>
    /// <param name="from">An index that <see cref="Now"/> gave.</param>
    /// <param name="predicate">What holds of it.</param>
    /// <param name="what">In words, for the message.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ChaosException">It did not come within the patience; the message has the last events.</exception>
    public async Task<ChaosEvent> WaitAsync(int from, Func<ChaosEvent, bool> predicate, string what, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(patience);
        for (int seen = from; ;)
        {
            Task grown;
            lock (_gate)
            {
                for (; seen < _events.Count; seen++)
                {
                    if (predicate(_events[seen]))
                    {
                        return _events[seen];
                    }
                }

                grown = _grown.Task;
            }

            try
            {
                await grown.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                throw Late(what, from, e);
            }
        }
    }

    /// <summary>
    /// Acts on the first event from now on of which something holds, in the very thread that reads it; returns when it has acted, not when another process's event
    /// comes meanwhile.
    /// </summary>
    /// <exception cref="ChaosException">It did not come within the patience.</exception>
    public async Task<ChaosEvent> OnceAsync(Func<ChaosEvent, bool> predicate, Action<ChaosEvent> action, string what, CancellationToken cancellation)
    {
        var acted = new TaskCompletionSource<ChaosEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        int from = Now;
        int taken = 0;
        Happened += On;
        try
        {
            return await acted.Task.WaitAsync(patience, cancellation);
        }
        catch (TimeoutException e)
        {
            throw Late(what, from, e);
        }
        finally
        {
            Happened -= On;
        }

        void On(ChaosEvent happened)
        {
            // Lines of several processes arrive at once.
            if (!predicate(happened) || Interlocked.Exchange(ref taken, 1) == 1)
            {
                return;
            }

            try
            {
                action(happened);
                acted.SetResult(happened);
            }
            catch (ChaosException e)
            {
                acted.SetException(e);
            }
        }
    }

    private ChaosException Late(string what, int from, Exception e) => new(
        $"{what}: not within {patience.TotalSeconds:0} s. The last events:\n  {string.Join("\n  ", All.Skip(Math.Max(from, Now - ShownAtTimeout)))}", e);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
