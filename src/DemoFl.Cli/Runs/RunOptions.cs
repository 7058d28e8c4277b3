using Microsoft.Extensions.Logging;

namespace DemoFl.Cli.Runs;

/// <summary>How `run` runs a job.</summary>
internal sealed record RunOptions(
    string Folder, bool Resume, bool AllowPlain, int MinLeaders, int MinKMin, int? HttpPort, LogLevel Log);
