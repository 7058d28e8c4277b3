namespace DemoFl.Sharing.Tests.Oracles;

/// <summary>Shares from a table, one entry for each (party, slot); where there is none, from another source.</summary>
internal sealed class TableShares(IShareSource others) : IShareSource
{
    private readonly Dictionary<(int Party, int Slot), PartyInput> _table = [];

    public PartyInput this[int party, int slot]
    {
        get => _table[(party, slot)];
        set => _table[(party, slot)] = value;
    }

    public void Add(int party, int slot, RingVector vector, RingVector lanes)
    {
        if (!_table.TryGetValue((party, slot), out var share))
        {
            others.Add(party, slot, vector, lanes);
            return;
        }

        vector.Add(share.Vector);
        lanes.Add(share.Lanes);
    }

    public void Subtract(int party, int slot, RingVector vector, RingVector lanes)
    {
        if (!_table.TryGetValue((party, slot), out var share))
        {
            others.Subtract(party, slot, vector, lanes);
            return;
        }

        vector.Subtract(share.Vector);
        lanes.Subtract(share.Lanes);
    }
}
