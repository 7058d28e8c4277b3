namespace DemoFl.Benchmarks.Measuring;

/// <summary>How much a run of the benchmarks does.</summary>
/// <param name="WarmUps">Pairs that are not counted, until code is compiled and windows have grown.</param>
/// <param name="Repetitions">Pairs that are.</param>
/// <param name="Pieces">Messages of a stream, 64 KiB each.</param>
/// <param name="Calls">Small calls.</param>
/// <param name="IsJudged">Whether ratios are held against their budgets.</param>
internal sealed record Effort(int WarmUps, int Repetitions, int Pieces, int Calls, bool IsJudged)
{
    /// <summary>Shows that everything runs; its figures mean nothing.</summary>
    public static Effort Quick { get; } = new(WarmUps: 1, Repetitions: 3, Pieces: 64, Calls: 200, IsJudged: false);

    /// <summary>Many short pairs, of 64 MiB or 1,500 calls: a neighbour's burst of work spoils few of them.</summary>
    public static Effort Full { get; } = new(WarmUps: 30, Repetitions: 81, Pieces: 1024, Calls: 1500, IsJudged: true);
}
