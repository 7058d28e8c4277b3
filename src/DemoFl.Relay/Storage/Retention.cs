namespace DemoFl.Relay.Storage;

/// <summary>What a run folder keeps of what it no longer needs.</summary>
internal sealed record Retention
{
    /// <summary>Checkpoints, and states of a server optimiser, besides the newest; null keeps every one.</summary>
    public int? OlderCheckpoints { get; init; } = ServerSettings.DefaultOlderCheckpoints;

    /// <summary>A longer journal is compacted: 16 MiB by default. A round with 1,000 parties takes some 0.1 MB of it, one with ten 2 kB.</summary>
    public long JournalBytes { get; init; } = 16L * 1024 * 1024;
}
