namespace DemoFl.Chaos.Oracle;

/// <summary>A round that the journal has as committed.</summary>
/// <param name="Round">Its number.</param>
/// <param name="Parties">B by name, of the last closing record before the commit.</param>
/// <param name="Selected">n_max, as the server said when it opened the round; null where no event tells.</param>
/// <param name="ModelHash">H(W_{t+1}), hexadecimal.</param>
/// <param name="Checkpoint">The checkpoint's file name.</param>
internal sealed record CommittedRound(ulong Round, IReadOnlyList<string> Parties, int? Selected, string ModelHash, string Checkpoint);
