using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace DemoFl.Chaos.Processes;

/// <summary>One line that a process printed with <c>--json</c>. Immutable.</summary>
/// <param name="Index">Its place among all events of the federation, in the order in which they were read.</param>
/// <param name="Source">"server", or the node's name.</param>
/// <param name="Life">Which process of that name: 1 for the first, one more for each that was started after it.</param>
/// <param name="At">When it was read, by <see cref="Stopwatch.GetTimestamp"/>.</param>
/// <param name="Line">The line.</param>
internal sealed record ChaosEvent(int Index, string Source, int Life, long At, JsonObject Line)
{
    public string Kind { get; } = (string?)Line["event"] ?? "";

    /// <summary>The round that it is about, or null.</summary>
    public ulong? Round => (ulong?)Line["round"];

    /// <summary>The term that it is about, or null.</summary>
    public ulong? Term => (ulong?)Line["term"];

    public bool IsOfServer => Source == ProcessFederation.Server;

    /// <summary>Whether the server says that a round has reached a stage.</summary>
    public bool Reached(string stage) => IsOfServer && Kind == "stageReached" && Text("stage") == stage;

    /// <summary>A value as text; empty where there is none.</summary>
    public string Text(string key) => $"{Line[key]}";

    /// <summary>Whether the server says that a round is open.</summary>
    public bool IsOpening => IsOfServer && Kind == "roundStarted";

    /// <summary>Whether the server says that a round is committed.</summary>
    public bool IsCommit => IsOfServer && Kind == "round";

    /// <summary>Whether it says so of a round from a number on.</summary>
    public bool IsCommitFrom(ulong round) => IsCommit && Round >= round;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(0, At).TotalSeconds:0.000} #{Index} {Source}/{Life} {Line.ToJsonString()}");
}
