using System.Globalization;

namespace DemoFl.Figures.Accuracy;

/// <summary>Tells the rounds of a run as they are committed, and about how long the rest will take.</summary>
internal sealed class RunProgress(Workshop workshop, string what, int rounds)
{
    private const int RoundsJudged = 5;

    private readonly Queue<double> _recent = new();
    private int _done;

    public void Tell(RoundRow row)
    {
        _recent.Enqueue(row.Seconds);
        if (_recent.Count > RoundsJudged)
        {
            _recent.Dequeue();
        }

        _done++;
        double[] sorted = [.. _recent.Order()];
        var left = TimeSpan.FromSeconds(sorted[sorted.Length / 2] * (rounds - _done));
        string accuracy = row.Accuracy?.ToString("0.00 %", CultureInfo.InvariantCulture) ?? "-";
        workshop.Tell($"{what}: round {_done} of {rounds}, accuracy {accuracy}, about {Math.Ceiling(left.TotalMinutes):0} min left of this run");
    }
}
