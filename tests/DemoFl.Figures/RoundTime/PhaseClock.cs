using System.Diagnostics;
using DemoFl.Node;
using DemoFl.Protocol;

namespace DemoFl.Figures.RoundTime;

/// <summary>The moments at which a party's round passes from one phase to the next.</summary>
internal enum Moment
{
    Joined,
    Fetched,
    TrainingBegins,
    TrainingEnds,
    UploadBegins,
    UploadEnds,
    Ended,
}

/// <summary>
/// Watches real nodes from outside: their events, their trainers, and their HTTP requests, which the runtime reports as activities below the one
/// that the node was started in. Thread-safe.
/// </summary>
internal sealed class PhaseClock : INodeObserver, IDisposable
{
    private const string UploadMethod = "/SubmitVector";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<(ulong Round, string Node), SortedDictionary<Moment, long>> _moments = [];
    private readonly Dictionary<string, ulong> _rounds = [];
    private readonly ActivityListener _requests;

    public PhaseClock()
    {
        _requests = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = OnRequest,
        };
        ActivitySource.AddActivityListener(_requests);
    }

    /// <summary>Starts a node's work so that its requests can be told from others'.</summary>
    public static Task<T> Start<T>(string node, Func<Task<T>> work) => Task.Run(async () =>
    {
        using var activity = new Activity(node).Start();
        return await work();
    });

    /// <summary>The first such moment of a party's round counts; a leader later sends its sum the same way.</summary>
    public void Reach(string node, Round round, Moment moment) => Reach(node, round.Value, moment, Stopwatch.GetTimestamp());

    public void On(string node, NodeEvent happened)
    {
        switch (happened)
        {
            case NodeEvent.RoundJoined m:
                lock (_gate)
                {
                    _rounds[node] = m.Round.Value;
                }

                Reach(node, m.Round, Moment.Joined);
                break;
            case NodeEvent.RoundEnded m:
                Reach(node, m.Round, Moment.Ended);
                break;
        }
    }

    /// <summary>
    /// The seconds between consecutive moments, for every party and round after the first that passed all of them; the last phase is split in two
    /// where the last party's vector was in.
    /// </summary>
    public IReadOnlyList<double[]> Phases()
    {
        lock (_gate)
        {
            ulong first = _moments.Keys.Min(k => k.Round);
            var complete = _moments.Where(m => m.Key.Round > first && m.Value.Count == Enum.GetValues<Moment>().Length).ToArray();
            var lastUpload = complete.GroupBy(m => m.Key.Round).ToDictionary(g => g.Key, g => g.Max(m => m.Value[Moment.UploadEnds]));
            return [.. complete.Select(m => Seconds(m.Value, lastUpload[m.Key.Round]))];
        }
    }

    public void Dispose() => _requests.Dispose();

    private static double[] Seconds(SortedDictionary<Moment, long> moments, long lastUpload)
    {
        long[] edges = [.. moments.Values.SkipLast(1), lastUpload, moments[Moment.Ended]];
        return [.. edges.Zip(edges.Skip(1), (from, to) => Stopwatch.GetElapsedTime(from, to).TotalSeconds)];
    }

    private void OnRequest(Activity request)
    {
        if (request.Parent?.OperationName is { } node && (request.GetTagItem("url.full") as string)?.EndsWith(UploadMethod, StringComparison.Ordinal) == true)
        {
            long now = Stopwatch.GetTimestamp();
            ulong round;
            lock (_gate)
            {
                round = _rounds[node];
            }

            Reach(node, round, Moment.UploadBegins, now - (long)(request.Duration.TotalSeconds * Stopwatch.Frequency));
            Reach(node, round, Moment.UploadEnds, now);
        }
    }

    private void Reach(string node, ulong round, Moment moment, long now)
    {
        lock (_gate)
        {
            if (!_moments.TryGetValue((round, node), out var moments))
            {
                _moments[(round, node)] = moments = [];
            }

            moments.TryAdd(moment, now);
        }
    }
}
