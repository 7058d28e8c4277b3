using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DemoFl.Figures.Accuracy;

/// <summary>One run of <c>demofl run</c> as a process of its own.</summary>
internal sealed class RunProcess(Workshop workshop, RunFolder folder)
{
    private const int ErrorLinesKept = 20;
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a job from its first round to its end.</summary>
    /// <param name="data">The job's data.</param>
    /// <param name="job">The other settings.</param>
    /// <param name="onRound">Called for every committed round.</param>
    /// <param name="cancellation">Stops the run in order.</param>
    /// <exception cref="FigureException">The run failed, or another process is at it.</exception>
    public async Task ExecuteAsync(string data, IReadOnlyDictionary<string, string> job, Action<RoundRow> onRound, CancellationToken cancellation)
    {
        using var own = folder.Begin();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in Arguments(data, job))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new FigureException($"Cannot start {workshop.Program}.");
        var errors = LastLinesAsync(process.StandardError);
        await using var stop = cancellation.Register(() => Native.Stop(process));
        await using (var events = new StreamWriter(folder.Events) { AutoFlush = true })
        {
            while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
            {
                await events.WriteLineAsync(line);
                if (JsonNode.Parse(line) is { } node && (string?)node["event"] == "round")
                {
                    onRound(node.Deserialize<RoundRow>(Web)!);
                }
            }
        }

        await EndAsync(process);
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            throw new FigureException($"demofl run ended with code {process.ExitCode}: {string.Join(' ', await errors)}");
        }
    }

    private static async Task EndAsync(Process process)
    {
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(StopPatience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<Queue<string>> LastLinesAsync(StreamReader reader)
    {
        var lines = new Queue<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            lines.Enqueue(line);
            if (lines.Count > ErrorLinesKept)
            {
                lines.Dequeue();
            }
        }

        return lines;
    }

    private IEnumerable<string> Arguments(string data, IReadOnlyDictionary<string, string> job)
    {
        IEnumerable<string> arguments = [workshop.Program, "run", "--folder", folder.Path, "--json", "--set", $"data={data}"];
        arguments = arguments.Concat(job.SelectMany(s => new[] { "--set", $"{s.Key}={s.Value}" }));
        return job["layout"] == "plain" ? arguments.Append("--allow-plain") : arguments;
    }
}
