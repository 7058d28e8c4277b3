namespace DemoFl.Relay.Audit;

/// <summary>
/// Decides which events get a line of their own, so that nobody fills the disk by misbehaving often: so many at once and then so many a minute,
/// for each address and for all together. What gets none is counted by address and kind. Bounded in memory. Not thread-safe.
/// </summary>
internal sealed class AuditThrottle
{
    /// <summary>Lines that one address may cause at once; as many come back in <see cref="Refill"/>.</summary>
    public const int AddressBurst = 20;

    /// <summary>Lines that all addresses together may cause at once; as many come back in <see cref="Refill"/>.</summary>
    public const int TotalBurst = 200;

    /// <summary>Addresses told apart at a time; the others are counted together.</summary>
    public const int MaxAddresses = 256;

    /// <summary>Stands for the addresses beyond <see cref="MaxAddresses"/>.</summary>
    public const string OtherAddresses = "others";

    /// <summary>In which an allowance that was used up is whole again.</summary>
    public static readonly TimeSpan Refill = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Allowance> _addresses = [];
    private readonly SortedDictionary<(string Address, AuditKind Kind), long> _counted = [];
    private readonly Allowance _total = new(TotalBurst);

    /// <summary>Whether the event gets a line; if not, it is counted.</summary>
    public bool Admit(string address, AuditKind kind, TimeSpan now)
    {
        string key = _addresses.ContainsKey(address) || _addresses.Count < MaxAddresses ? address : OtherAddresses;
        if (!_addresses.TryGetValue(key, out var allowance))
        {
            _addresses[key] = allowance = new Allowance(AddressBurst);
        }

        // Both are asked only when both can give: a noisy address must not use up what is for all.
        if (allowance.Has(now) && _total.Has(now))
        {
            allowance.Take();
            _total.Take();
            return true;
        }

        _counted[(key, kind)] = _counted.GetValueOrDefault((key, kind)) + 1;
        return false;
    }

    /// <summary>What was counted since the last time, sorted; forgets addresses that have been quiet.</summary>
    public IReadOnlyList<(string Address, AuditKind Kind, long Count)> TakeCounted(TimeSpan now)
    {
        var counted = _counted.Select(c => (c.Key.Address, c.Key.Kind, c.Value)).ToArray();
        _counted.Clear();
        foreach (string quiet in _addresses.Where(a => a.Value.IsWhole(now)).Select(a => a.Key).ToArray())
        {
            _addresses.Remove(quiet);
        }

        return counted;
    }

    private sealed class Allowance(int burst)
    {
        private double _left = burst;
        private TimeSpan _asOf;

        public bool Has(TimeSpan now)
        {
            _left = Math.Min(burst, _left + (burst * ((now - _asOf) / Refill)));
            _asOf = now;
            return _left >= 1;
        }

        public void Take() => _left--;

        public bool IsWhole(TimeSpan now)
        {
            Has(now);
            return _left >= burst;
        }
    }
}
