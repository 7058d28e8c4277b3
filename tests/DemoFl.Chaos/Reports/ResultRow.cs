using System.Text.Json.Serialization;

namespace DemoFl.Chaos.Reports;

/// <summary>A result with its scenario's words, as the JSON file has it.</summary>
internal sealed record ResultRow
{
    [JsonPropertyName("scenario")]
    public required string Scenario { get; init; }

    [JsonPropertyName("fault")]
    public required string Fault { get; init; }

    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>The phase that the fault really fell in.</summary>
    [JsonPropertyName("phase")]
    public required string Phase { get; init; }

    [JsonPropertyName("did")]
    public required string Did { get; init; }

    [JsonPropertyName("expected")]
    public required string Expected { get; init; }

    [JsonPropertyName("happened")]
    public required string Happened { get; init; }

    [JsonPropertyName("ok")]
    public required bool Ok { get; init; }

    /// <summary>Null where there is nothing to time.</summary>
    [JsonPropertyName("recoverySeconds")]
    public double? RecoverySeconds { get; init; }

    /// <summary>What it needs and this machine has not; null when it was tried.</summary>
    [JsonPropertyName("skipped")]
    public string? Skipped { get; init; }

    public static ResultRow Of(IScenario scenario, ChaosResult result) => new()
    {
        Scenario = scenario.Name, Fault = result.Fault, Role = result.Role, Phase = result.Phase, Did = scenario.Did, Expected = scenario.Expected,
        Happened = result.Happened, Ok = result.Ok, Skipped = result.Skipped,
        RecoverySeconds = result.Recovery is { } time ? Math.Round(time.TotalSeconds, 3) : null,
    };

    /// <summary>A scenario that could not be carried to its end.</summary>
    public static ResultRow Failed(IScenario scenario, string reason) => Of(scenario, new ChaosResult(scenario.Name, "-", "-", reason, Ok: false));
}
