namespace DemoFl.Chaos.Strikes;

/// <summary>What a federation is doing.</summary>
/// <param name="Phase">Where it stands.</param>
/// <param name="Round">The open round, or null between rounds.</param>
internal readonly record struct Moment(Phase Phase, ulong? Round);
