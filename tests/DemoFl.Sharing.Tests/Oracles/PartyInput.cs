namespace DemoFl.Sharing.Tests.Oracles;

/// <summary>A vector and its lanes: a party's input q_i, a share of it, or a sum of either.</summary>
internal sealed record PartyInput(RingVector Vector, RingVector Lanes)
{
    public static PartyInput Zero(RingWidth ring, int length) => new(new(ring, length), new(RingWidth.Bits64, Sharing.Lanes.Count));

    public static PartyInput Uniform(RingWidth ring, int length, Random random)
    {
        var input = Zero(ring, length);
        random.NextBytes(input.Vector.Bytes);
        random.NextBytes(input.Lanes.Bytes);
        return input;
    }

    public PartyInput Plus(PartyInput other)
    {
        var sum = Copy();
        sum.Vector.Add(other.Vector);
        sum.Lanes.Add(other.Lanes);
        return sum;
    }

    public PartyInput Minus(PartyInput other)
    {
        var difference = Copy();
        difference.Vector.Subtract(other.Vector);
        difference.Lanes.Subtract(other.Lanes);
        return difference;
    }

    public PartyInput Copy() => Zero(Vector.Ring, Vector.Length).WithBytes(this);

    public byte[] ToBytes() => [.. Vector.Bytes, .. Lanes.Bytes];

    private PartyInput WithBytes(PartyInput other)
    {
        other.Vector.Bytes.CopyTo(Vector.Bytes);
        other.Lanes.Bytes.CopyTo(Lanes.Bytes);
        return this;
    }
}
