using System.Globalization;

namespace DemoFl.Simulation.Tests;

/// <summary>The seeds do to federations what they are meant to do.</summary>
public class CoverageTests
{
    private const int Seeds = 1500;

    private static readonly Lazy<Tally> Counted = new(() =>
        new Campaign(Subject.Federation, keepsGoing: true).Run(0, Seeds - 1, TimeSpan.MaxValue, Environment.ProcessorCount, CancellationToken.None).Tally);

    public static TheoryData<string> Everything =>
    [
        .. Enum.GetNames<Faults>().Where(n => n != nameof(Faults.None)), .. Enum.GetNames<Trouble>(),
        .. Enum.GetNames<Tampering>().Where(n => n != nameof(Tampering.None)),
        .. new[] { RoundStage.Uploading, RoundStage.Intersecting, RoundStage.Agreeing, RoundStage.Closing, RoundStage.Releasing }
            .Select(s => $"leader lost while {s}"),
        "reorganisations completed", "slots handed on", "replacements pressed for", "accomplices answered Seed", "accomplices answered Announcement",
        "second nonces announced",
        "seeds that gave up, as they must or may", "seeds that succeeded", "seeds with an evil server", "views with a sum", "views beyond c + R",
    ];

    [Theory]
    [MemberData(nameof(Everything))]
    public void Run_ManySeeds_Cover(string what) =>
        Assert.True(Counted.Value.Of(what) > 0, string.Create(CultureInfo.InvariantCulture, $"{what} did not happen in {Seeds} seeds"));
}
