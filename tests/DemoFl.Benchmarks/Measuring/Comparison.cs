using System.Diagnostics;

namespace DemoFl.Benchmarks.Measuring;

/// <summary>Something done our way and the reference's way. Both move <paramref name="Amount"/> units of work a run.</summary>
/// <param name="Name">The row's name.</param>
/// <param name="Unit">Of the work, e.g. <c>MB</c>: the rate is in units per second.</param>
/// <param name="Amount">Units of work a run.</param>
/// <param name="CostUnit">What CPU seconds are stated for, e.g. <c>GB</c>.</param>
/// <param name="CostAmount">Those units in a run.</param>
/// <param name="Ours">Our way; throws when the work was not done.</param>
/// <param name="Reference">The reference's way; likewise.</param>
internal sealed record Comparison(
    string Name, string Unit, double Amount, string CostUnit, double CostAmount, Func<Task> Ours, Func<Task> Reference)
{
    /// <summary>Runs both in turn, first uncounted, then counted, and gives a row for the rate and one for CPU seconds.</summary>
    public async Task<IReadOnlyList<Row>> MeasureAsync(Effort effort, Func<Task<TimeSpan>> cpuTime)
    {
        List<Sample> ours = [], reference = [];
        for (var run = -effort.WarmUps; run < effort.Repetitions; run++)
        {
            var (a, b) = (await TakeAsync(Ours, cpuTime), await TakeAsync(Reference, cpuTime));
            if (run < 0) continue;
            ours.Add(a);
            reference.Add(b);
        }

        double Rate(Sample sample) => Amount / sample.Seconds;
        double Cost(Sample sample) => sample.CpuSeconds / CostAmount;
        return
        [
            Row.Compare(
                Name, $"{Unit}/s", [.. ours.Select(Rate)], [.. reference.Select(Rate)], new Budget(Bound.AtLeast, 0.9), effort.IsJudged),
            Row.Compare($"{Name}-cpu", $"CPU-s/{CostUnit}", [.. ours.Select(Cost)], [.. reference.Select(Cost)], null, effort.IsJudged),
        ];
    }

    private static async Task<Sample> TakeAsync(Func<Task> work, Func<Task<TimeSpan>> cpuTime)
    {
        var cpuBefore = await cpuTime();
        var begin = Stopwatch.GetTimestamp();
        await work();
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return new Sample(seconds, (await cpuTime() - cpuBefore).TotalSeconds);
    }
}
