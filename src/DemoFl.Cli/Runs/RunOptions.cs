using DemoFl.Relay;
using Microsoft.Extensions.Logging;

namespace DemoFl.Cli.Runs;

/// <summary>How `run` runs a job.</summary>
internal sealed record RunOptions(
    string Folder, bool Resume, bool AllowPlain, int MinLeaders, int MinKMin, int? HttpPort, LogLevel Log)
{
    /// <summary>Checkpoints that the server keeps besides the newest; null for every one.</summary>
    public int? OlderCheckpoints { get; init; } = ServerSettings.DefaultOlderCheckpoints;

    /// <summary>What is done to a leader, for a demonstration; null for nothing.</summary>
    public LeaderKill? Kill { get; init; }
}
