using System.Text.Json.Serialization;

namespace DemoFl.Cli.Output;

/// <summary>One reorganisation of a round as it appears in a report. What never came about is null.</summary>
internal sealed record ReorganisationRow
{
    [JsonPropertyName("round")]
    public ulong Round { get; init; }

    /// <summary>The new leader set's term.</summary>
    [JsonPropertyName("term")]
    public ulong Term { get; init; }

    [JsonPropertyName("slot")]
    public int Slot { get; init; }

    /// <summary>The leader that was lost, and why.</summary>
    [JsonPropertyName("lost")]
    public string? Lost { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>The slot's new holder.</summary>
    [JsonPropertyName("holder")]
    public string? Holder { get; init; }

    /// <summary>Parties that gave it their seeds.</summary>
    [JsonPropertyName("resealed")]
    public int? Resealed { get; init; }

    /// <summary>From the leader's loss until the round went on; null when it did not.</summary>
    [JsonPropertyName("seconds")]
    public double? Seconds { get; init; }
}
