namespace DemoFl.Simulation;

/// <summary>How often what happened. Not thread-safe: one for each federation, added up afterwards.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public long Of(string what) => _counts.GetValueOrDefault(what);

    public void Count(Enum what) => Count(what.ToString());

    public void Count(string what, long times = 1) => _counts[what] = _counts.GetValueOrDefault(what) + times;

    public void Add(Tally other)
    {
        foreach (var (what, times) in other._counts)
        {
            Count(what, times);
        }
    }
}
