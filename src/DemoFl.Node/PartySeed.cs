using System.Buffers.Binary;
using DemoFl.Protocol;

namespace DemoFl.Node;

/// <summary>
/// What a party draws in a round follows from the job's seed, the round and the party's name, so that a run with the same names and data trains
/// the same whatever its keys and leaders.
/// </summary>
internal static class PartySeed
{
    public static ulong Of(RoundSpec spec, string party)
    {
        var hash = new CanonicalWriter("training-seed").UInt64(spec.Training.Seed).UInt64(spec.Round.Value).Text(party).ToHash();
        return BinaryPrimitives.ReadUInt64BigEndian(hash.ToArray());
    }
}
