namespace DemoFl.Sharing.Tests.Oracles;

/// <summary>The product's masks, from seeds made of (run seed, party, slot).</summary>
internal sealed class SeededShares(int seed) : IShareSource
{
    public void Add(int party, int slot, RingVector vector, RingVector lanes)
    {
        using var mask = Seed(party, slot);
        Mask.Add(mask, vector, lanes);
    }

    public void Subtract(int party, int slot, RingVector vector, RingVector lanes)
    {
        using var mask = Seed(party, slot);
        Mask.Subtract(mask, vector, lanes);
    }

    private MaskSeed Seed(int party, int slot)
    {
        var bytes = new byte[MaskSeed.Size];
        new Random(HashSeed(party, slot)).NextBytes(bytes);
        return new MaskSeed(bytes);
    }

    private int HashSeed(int party, int slot) => unchecked((((seed * 65_599) + party) * 65_599) + slot);
}
