using System.Text.Json;
using System.Text.Json.Nodes;
using DemoFl.Cli.Commands;
using DemoFl.Cli.Jobs;
using DemoFl.Cli.Output;
using DemoFl.Cli.Processes;

namespace DemoFl.Cli.Runs;

/// <summary>
/// A whole federation on this machine: one server process and the job's node processes, with keys and a roster of their own in the run folder.
/// Leaves no process behind, however it ends.
/// </summary>
internal sealed class LocalRun(JobValues job, RunOptions options, IRunDisplay display)
{
    private static readonly TimeSpan ServerPatience = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LocalIdentities _identities = new(job, options.Folder);
    private readonly Lock _showing = new();
    private readonly List<RoundRow> _rounds = [];
    private readonly Reorganisations _reorganisations = new();
    private readonly List<ChildProcess> _nodes = [];
    private double _electionSeconds;
    private double _keySeconds;
    private NodeNames _names = NodeNames.None;
    private string? _lastRefusal;
    private string _reason = "";
    private string? _checkpoint;
    private (string Path, ulong Round)? _best;

    public async Task<RunResult> ExecuteAsync(CancellationToken cancellation)
    {
        var before = options.Resume ? LastReport.Read(options.Folder) : LastReport.None;
        _names = _identities.Prepare();
        using var server = ChildProcess.Start("server", ServerArguments(), OnServerLine);
        int exitCode;
        try
        {
            exitCode = await SuperviseAsync(server, cancellation);
        }
        finally
        {
            await server.StopAsync();
            await Task.WhenAll(_nodes.Select(n => n.StopAsync()));
            _nodes.ForEach(n => n.Dispose());
        }

        // Only now has all of the server's output been read.
        var rounds = before.Rounds.Where(r => _rounds.Count == 0 || r.Round < _rounds[0].Round).Concat(_rounds);
        return new RunResult(
            exitCode, _reason, [.. rounds], _electionSeconds, _keySeconds, _checkpoint, _best, options.Folder, [.. before.Reorganisations, .. _reorganisations.Rows]);
    }

    private async Task<int> SuperviseAsync(ChildProcess server, CancellationToken cancellation)
    {
        var interrupted = new TaskCompletionSource();
        await using var registration = cancellation.Register(() => interrupted.TrySetResult());
        if (await Task.WhenAny(_address.Task, server.Completion, interrupted.Task) == _address.Task)
        {
            StartNodes(await _address.Task);
            var failed = FirstFailureAsync();
            var first = await Task.WhenAny(server.Completion, failed, interrupted.Task);
            if (first == failed && !server.Completion.IsCompleted && !cancellation.IsCancellationRequested)
            {
                var node = await failed;
                if (await node.Completion == ExitCode.Failed && await Task.WhenAny(server.Completion, Task.Delay(ServerPatience, CancellationToken.None)) == server.Completion)
                {
                    // The server gave the run up and told its nodes, which were quicker to end.
                    return await OutcomeAsync(server);
                }

                throw new CliException($"The process of {node.Name} ended early: {node.Errors}", CodeOf(await node.Completion));
            }
        }

        if (interrupted.Task.IsCompleted)
        {
            await server.StopAsync();
            _reason = "interrupted";
            return ExitCode.Interrupted;
        }

        return await OutcomeAsync(server);
    }

    private async Task<int> OutcomeAsync(ChildProcess server)
    {
        int exitCode = await server.Completion;
        if (exitCode != ExitCode.Success && _reason.Length == 0)
        {
            throw new CliException(server.Errors.Length > 0 ? server.Errors : $"The server process ended early, with exit code {exitCode}.", CodeOf(exitCode));
        }

        if (exitCode == ExitCode.Failed && _lastRefusal is not null)
        {
            _reason = $"{_reason}; the last to sit out was {_lastRefusal}";
        }

        return exitCode;
    }

    /// <summary>A process that crashed or was killed has a code of the system's; to the run it is a failure.</summary>
    private static int CodeOf(int exitCode) =>
        exitCode is ExitCode.Failed or ExitCode.Usage or ExitCode.Refused or ExitCode.Unreachable ? exitCode : ExitCode.Failed;

    /// <summary>
    /// The first node process whose end is the end of the run: one that says why it cannot take part, or the first that dies and leaves too few.
    /// Any other that dies is what the protocol is made for.
    /// </summary>
    private async Task<ChildProcess> FirstFailureAsync()
    {
        var running = _nodes.ToDictionary(n => n.Completion, n => n);
        while (running.Count > 0)
        {
            var ended = await Task.WhenAny(running.Keys);
            running.Remove(ended, out var node);
            int exitCode = await ended;
            if (exitCode != ExitCode.Success && (CodeOf(exitCode) == exitCode || !CanGoOn(running.Count)))
            {
                return node!;
            }

            if (exitCode != ExitCode.Success)
            {
                var died = new JsonObject { ["event"] = "nodeDied", ["node"] = node!.Name, ["exitCode"] = exitCode };
                Show("nodeDied", EventText.Of("nodeDied", died), died.ToJsonString());
            }
        }

        return await new TaskCompletionSource<ChildProcess>().Task;
    }

    private bool CanGoOn(int processes) =>
        processes * (job.Parties / job.Processes) >= job.KMin && processes >= (job.Layout == Protocol.Layout.Plain ? 1 : job.Leaders);

    private IEnumerable<string> ServerArguments()
    {
        IEnumerable<string> arguments =
        [
            "server", "--port", "0", "--folder", options.Folder, "--key", _identities.ServerKeyFile, "--roster", _identities.RosterFile, "--json",
            "--exit-with-input", "--log", options.Log.ToString(), "--keep-checkpoints", $"{new KeptCheckpoints(options.OlderCheckpoints)}", .. job.Texts.SelectMany(t => new[] { "--set", $"{t.Key}={t.Value}" }),
        ];
        arguments = options.Resume ? arguments.Append("--resume") : arguments;
        return options.HttpPort is { } port ? arguments.Concat(["--http-port", $"{port}"]) : arguments;
    }

    private void StartNodes(string address)
    {
        for (int process = 0; process < job.Processes; process++)
        {
            var (first, count) = _identities.PartiesOf(process);
            if (count == 0)
            {
                continue;
            }

            IEnumerable<string> arguments =
            [
                "node", "--server", address, "--name", LocalIdentities.ProcessName(process), "--count", $"{count}", "--data", job.Data, "--partition", job.Partition,
                "--parts", $"{job.Parties}", "--index", $"{first}", "--partition-seed", $"{job.Seed}", "--keys", _identities.KeyFolder, "--roster", _identities.RosterFile,
                "--min-leaders", $"{options.MinLeaders}", "--min-k", $"{options.MinKMin}", "--no-log", "--json", "--exit-with-input", "--log", options.Log.ToString(),
            ];
            _nodes.Add(ChildProcess.Start(LocalIdentities.ProcessName(process), options.AllowPlain ? arguments.Append("--allow-plain") : arguments, OnNodeLine));
        }
    }

    /// <summary>The server's output and the ends of nodes come from several threads, and a display is called one call at a time.</summary>
    private void Show(string kind, string text, string line)
    {
        lock (_showing)
        {
            display.Event(kind, text, line);
        }
    }

    private void OnNodeLine(string line) => options.Kill?.OnNode(JsonNode.Parse(line)!.AsObject());

    /// <summary>The process that hosts a node of this run, and how it is killed for a demonstration.</summary>
    private (string Name, Action Kill)? ProcessOf(string id) =>
        _names.Of(id) is { } name && _nodes.Find(n => LocalIdentities.IsHosted(name, n.Name)) is { } process ? (process.Name, () => Kill(process)) : null;

    private void Kill(ChildProcess process)
    {
        process.Kill();
        var line = new JsonObject { ["event"] = "leaderKilled", ["node"] = process.Name };
        Show("leaderKilled", EventText.Of("leaderKilled", line), line.ToJsonString());
    }

    private void OnServerLine(string line)
    {
        var json = JsonNode.Parse(line)!.AsObject();
        string kind = json["event"]!.GetValue<string>();
        _reorganisations.On(kind, json);
        options.Kill?.OnServer(kind, json, ProcessOf);
        switch (kind)
        {
            case "listening":
                _address.TrySetResult(json["address"]!.GetValue<string>());
                break;
            case "refused":
                _lastRefusal = $"{_names.Show(json["node"]!.GetValue<string>())}: {json["reason"]}";
                break;
            case "leadersSeated":
                _electionSeconds = json["seconds"]!.GetValue<double>();
                break;
            case "keysReady":
                _keySeconds = json["seconds"]!.GetValue<double>();
                break;
            case "finished":
                (_reason, _checkpoint) = (json["reason"]!.GetValue<string>(), json["checkpoint"]?.GetValue<string>());
                _best = json["best"] is { } best ? (best.GetValue<string>(), json["bestRound"]!.GetValue<ulong>()) : null;
                break;
            case "round":
                var row = json.Deserialize<RoundRow>()!;
                _rounds.Add(row);
                lock (_showing)
                {
                    display.Round(row, line);
                }

                return;
        }

        Show(kind, EventText.Of(kind, json, _names), line);
    }
}
