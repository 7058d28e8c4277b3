using DemoFl.Protocol;

namespace DemoFl.Relay.Backups;

/// <summary>What a backup holds.</summary>
/// <param name="Run">The run that it was taken of.</param>
/// <param name="Term">The highest term that the run had opened.</param>
/// <param name="Round">The highest round number that the run had used up.</param>
/// <param name="CommittedRounds">How many rounds were committed.</param>
/// <param name="Model">H(W) of the newest of them, or of the start.</param>
/// <param name="Files">Each file with its length in bytes.</param>
public sealed record BackupFacts(
    RunId Run, Term Term, Round Round, int CommittedRounds, Hash256 Model, IReadOnlyList<(string Name, long Bytes)> Files)
{
    internal static BackupFacts Of(RunImage image) => new(
        image.Progress.Run, image.Progress.LastTerm, image.Progress.LastRound, image.Progress.CommittedRounds, image.Progress.ModelHash,
        [.. image.Entries.Select(e => (e.Name, (long)e.Content.Length))]);
}
