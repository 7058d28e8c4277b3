using System.Diagnostics;

namespace DemoFl.Mutation;

/// <summary>The search for a seed that catches a mutant.</summary>
internal static class Hunt
{
    /// <summary>A mutant that keeps its promises for so many seeds is not caught.</summary>
    public const int MaxSeeds = 20_000;

    /// <summary>Likewise after this time.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(60);

    /// <summary>Seeds between two looks at the clock.</summary>
    private const int Portion = 20;

    /// <summary>
    /// Runs seed after seed until the simulator names a promise that the mutant is said to break. Another promise is no catch, and neither is a seed at which
    /// the product as it is breaks one.
    /// </summary>
    /// <exception cref="MutantException">The mutant does not fit the sources.</exception>
    public static Finding Of(Laboratory laboratory, Mutant mutant, int maxSeeds, TimeSpan maxTime)
    {
        using var subject = laboratory.Make(mutant);
        var clock = Stopwatch.StartNew();
        ulong end = mutant.FirstSeed + (ulong)maxSeeds;
        ulong next = mutant.FirstSeed;
        while (next < end && clock.Elapsed < maxTime)
        {
            int count = (int)Math.Min(Portion, end - next);
            var violation = subject.FirstViolation(mutant.Simulator, next, count);
            if (violation is not null && mutant.Explains(violation) && laboratory.KeepsPromises(mutant.Simulator, violation.Seed))
            {
                return new Finding(mutant, violation, (int)(violation.Seed - mutant.FirstSeed) + 1, clock.Elapsed);
            }

            next = violation?.Seed + 1 ?? next + (ulong)count;
        }

        return new Finding(mutant, null, (int)(next - mutant.FirstSeed), clock.Elapsed);
    }

    /// <summary>The first promise that the product as it is breaks, whichever.</summary>
    public static Finding OfTheProduct(Laboratory laboratory, int seeds)
    {
        using var subject = laboratory.Make(Mutant.None);
        var clock = Stopwatch.StartNew();
        return new Finding(Mutant.None, subject.FirstViolation(Simulator.Federations, 0, seeds) ?? subject.FirstViolation(Simulator.Institutions, 0, seeds), seeds, clock.Elapsed);
    }
}
