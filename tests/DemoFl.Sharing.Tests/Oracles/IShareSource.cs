namespace DemoFl.Sharing.Tests.Oracles;

/// <summary>Where the share of a party for a slot comes from: the real mask, or a table that stands for unseen masks.</summary>
internal interface IShareSource
{
    void Add(int party, int slot, RingVector vector, RingVector lanes);

    void Subtract(int party, int slot, RingVector vector, RingVector lanes);
}
