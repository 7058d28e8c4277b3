using System.Text.Json.Nodes;
using DemoFl.Protocol;

namespace DemoFl.Cli.Runs;

/// <summary>
/// Kills the process of one leader in the middle of the round behind so many committed ones, and counts who trains in that round. Thread-safe.
/// </summary>
internal sealed class LeaderKill(int afterRounds)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _underWay = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<(string Node, ulong Round), int> _trainings = [];
    private string? _leader;
    private int _committed;
    private int _parties;

    /// <summary>The round that was struck; null before.</summary>
    public ulong? Round { get; private set; }

    /// <summary>The node whose process was killed.</summary>
    public string Node { get; private set; } = "";

    /// <summary>Nodes that trained in that round.</summary>
    public int Trained => CountsOfTheRound().Length;

    /// <summary>Nodes that trained in it more than once.</summary>
    public int TrainedAgain => CountsOfTheRound().Count(n => n > 1);

    /// <param name="kind">Of the server's event.</param>
    /// <param name="line">The event.</param>
    /// <param name="processOf">The process that hosts a node, by its id: its name, and how it is killed.</param>
    public void OnServer(string kind, JsonObject line, Func<string, (string Name, Action Kill)?> processOf)
    {
        lock (_gate)
        {
            switch (kind)
            {
                case "leadersSeated":
                    _leader = line["leaders"]![0]!.GetValue<string>();
                    break;
                case "stageReached" when line["stage"]!.GetValue<string>() == nameof(RoundStage.Committing):
                    // A round is judged and reported while the next one is under way already.
                    _committed++;
                    break;
                case "roundStarted" when Round is null && _committed == afterRounds && _leader is not null && processOf(_leader) is { } process:
                    (Round, Node, _parties) = (line["round"]!.GetValue<ulong>(), process.Name, line["parties"]!.GetValue<int>());
                    SignalWhenUnderWay();
                    _ = KillAsync(process.Kill);
                    break;
            }
        }
    }

    public void OnNode(JsonObject line)
    {
        if (line["event"]!.GetValue<string>() != "roundJoined")
        {
            return;
        }

        lock (_gate)
        {
            var key = (line["node"]!.GetValue<string>(), line["round"]!.GetValue<ulong>());
            _trainings[key] = _trainings.GetValueOrDefault(key) + 1;
            SignalWhenUnderWay();
        }
    }

    private void SignalWhenUnderWay()
    {
        if (Round is not null && 2 * _trainings.Count(t => t.Key.Round == Round) >= _parties)
        {
            _underWay.TrySetResult();
        }
    }

    /// <summary>As soon as half of the parties train: the news of it takes its time, too, and no leader should have handed out a sum by then.</summary>
    private async Task KillAsync(Action kill)
    {
        await _underWay.Task;
        kill();
    }

    private int[] CountsOfTheRound()
    {
        lock (_gate)
        {
            return [.. _trainings.Where(t => t.Key.Round == Round).Select(t => t.Value)];
        }
    }
}
