using System.Numerics;

namespace DemoFl.Sharing.Tests.Oracles;

/// <summary>All subsets of {0, ..., size - 1} with at most so many members, the empty one first.</summary>
internal static class Subsets
{
    public static IEnumerable<int[]> Of(int size, int atMost) =>
        from set in Enumerable.Range(0, 1 << size)
        where BitOperations.PopCount((uint)set) <= atMost
        select Enumerable.Range(0, size).Where(i => (set >> i & 1) != 0).ToArray();
}
