using System.Text.Json.Serialization;
using DemoFl.Relay;

namespace DemoFl.Cli.Output;

/// <summary>One committed round as it appears in reports and event lines.</summary>
internal sealed record RoundRow
{
    [JsonPropertyName("round")]
    public ulong Round { get; init; }

    [JsonPropertyName("parties")]
    public int Parties { get; init; }

    [JsonPropertyName("intersection")]
    public int Intersection { get; init; }

    [JsonPropertyName("leaders")]
    public int Leaders { get; init; }

    [JsonPropertyName("seconds")]
    public double Seconds { get; init; }

    [JsonPropertyName("loss")]
    public double? Loss { get; init; }

    [JsonPropertyName("accuracy")]
    public double? Accuracy { get; init; }

    [JsonPropertyName("bytesUp")]
    public long BytesUp { get; init; }

    [JsonPropertyName("bytesDown")]
    public long BytesDown { get; init; }

    [JsonPropertyName("partyBytesUp")]
    public long PartyBytesUp { get; init; }

    [JsonPropertyName("trainingLoss")]
    public double? TrainingLoss { get; init; }

    [JsonPropertyName("trainingAccuracy")]
    public double? TrainingAccuracy { get; init; }

    /// <summary>"means" or "variances" of a round that measures columns; not there in training.</summary>
    [JsonPropertyName("stage")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Stage { get; init; }

    [JsonPropertyName("clippedShare")]
    public double? ClippedShare { get; init; }

    public static RoundRow Of(RoundReport report) => new()
    {
        Round = report.Round.Value, Parties = report.Parties, Intersection = report.Intersection, Leaders = report.Leaders,
        Seconds = Math.Round(report.Seconds, 4), Loss = Finite(report.Loss), Accuracy = Finite(report.Accuracy), BytesUp = report.Traffic.Up,
        BytesDown = report.Traffic.Down, PartyBytesUp = report.Traffic.PartiesUp, TrainingLoss = Finite(report.TrainingLoss),
        TrainingAccuracy = Finite(report.TrainingAccuracy), ClippedShare = Finite(report.ClippedShare), Stage = StatisticsText.StageOf(report.Stage),
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
