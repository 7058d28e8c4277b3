using System.Diagnostics;

namespace DemoFl.Simulation;

/// <summary>
/// Many seeds, on as many threads as there are cores, one simulation at a time on each; stops at the first broken promise unless it is to go on.
/// </summary>
internal sealed class Campaign(Subject subject, bool keepsGoing = false)
{
    private readonly Lock _gate = new();
    private readonly Tally _tally = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private ulong _next;
    private long _done;
    private long _events;
    private readonly SortedDictionary<ulong, string> _broken = [];
    private ISimulated? _failure;

    /// <summary>Seeds that have run to their end.</summary>
    public long Done
    {
        get
        {
            lock (_gate)
            {
                return _done;
            }
        }
    }

    /// <summary>
    /// Runs the seeds from <paramref name="first"/> to <paramref name="last"/>, or as many as <paramref name="longest"/> allows.
    /// </summary>
    public CampaignReport Run(ulong first, ulong last, TimeSpan longest, int threads, CancellationToken cancellation)
    {
        _next = first;
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() => Work(last, longest, cancellation))).ToArray();
        Array.ForEach(workers, w => w.Start());
        Array.ForEach(workers, w => w.Join());
        return new CampaignReport(first, _done, _events, _watch.Elapsed, _tally, _failure, _broken);
    }

    private void Work(ulong last, TimeSpan longest, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && _watch.Elapsed < longest && Take(last) is { } seed)
        {
            var run = subject.Run(seed, null);
            lock (_gate)
            {
                _done++;
                _events += run.Events.Happened;
                _tally.Add(run.Tally);
                _tally.Count(run.Ending);
                if (run.Violation is { } violation)
                {
                    _broken[seed] = violation.Message;

                    // The lowest seed, however the threads were scheduled.
                    _failure = _failure is null || seed < _failure.Seed ? run : _failure;
                }
            }
        }
    }

    private ulong? Take(ulong last)
    {
        lock (_gate)
        {
            return (_failure is null || keepsGoing) && _next <= last ? _next++ : null;
        }
    }
}

/// <summary>What a campaign did and found.</summary>
/// <param name="First">The first seed.</param>
/// <param name="Seeds">Seeds that ran.</param>
/// <param name="Events">Everything that happened in them.</param>
/// <param name="Took">By the wall clock.</param>
/// <param name="Tally">Faults injected, and what became of rounds.</param>
/// <param name="Failure">The lowest run that broke a promise, or null.</param>
/// <param name="Broken">Every seed that broke a promise, with which.</param>
internal sealed record CampaignReport(
    ulong First, long Seeds, long Events, TimeSpan Took, Tally Tally, ISimulated? Failure, IReadOnlyDictionary<ulong, string> Broken);
