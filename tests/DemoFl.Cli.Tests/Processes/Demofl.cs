using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DemoFl.Cli.Tests.Processes;

/// <summary>The built program, started as its users start it. What a test leaves running is killed, with what it started.</summary>
internal sealed class Demofl : IDisposable
{
    /// <summary>Far longer than anything here takes, so that only what hangs runs into it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly List<string> _errorLines = [];
    private readonly Task _readingErrors;
    private readonly Task _reading;
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Demofl(Process process)
    {
        _process = process;
        _readingErrors = ReadAsync(process.StandardError, _errorLines);
        _reading = ReadAsync(process.StandardOutput, _lines);
    }

    public int Id => _process.Id;

    public static Demofl Start(string line, params string[] more) => StartProgram(Host, [typeof(CommandLine).Assembly.Location, .. line.Split(' '), .. more]);

    /// <summary>
    /// Runs it where no file may grow beyond so many blocks of 512 bytes, as on a full disk. The runtime maps files of its own for code that it both
    /// writes and runs, which is why it must not.
    /// </summary>
    public static Demofl StartWithFileLimit(int blocks, string line, params string[] more) => StartProgram(
        "/bin/sh",
        [
            "-c", $"trap '' XFSZ; ulimit -f {blocks}; DOTNET_EnableWriteXorExecute=0 exec \"$0\" \"$@\"", Host, typeof(CommandLine).Assembly.Location,
            .. line.Split(' '), .. more,
        ]);

    private static string Host => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    private static Demofl StartProgram(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new Demofl(Process.Start(start)!);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string line, params string[] more)
    {
        using var program = Start(line, more);
        return await program.EndAsync();
    }

    /// <summary>The exit code and all that it wrote, once it has ended.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            await _reading.WaitAsync(patience.Token);
            await _readingErrors.WaitAsync(patience.Token);
            return (_process.ExitCode, string.Join('\n', Lines()), string.Concat(_errorLines.Select(l => l + "\n")));
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The process did not end. It wrote:\n{string.Join('\n', Lines())}");
        }
    }

    /// <summary>The first line of which this holds, as soon as it is there.</summary>
    public Task<string> LineAsync(Func<string, bool> predicate) => LineAsync(_lines, _reading, predicate);

    /// <summary>Likewise, of what it writes to standard error.</summary>
    public Task<string> ErrorLineAsync(Func<string, bool> predicate) => LineAsync(_errorLines, _readingErrors, predicate);

    private async Task<string> LineAsync(List<string> lines, Task reading, Func<string, bool> predicate)
    {
        var deadline = Task.Delay(Patience);
        while (true)
        {
            Task grown;
            lock (_lines)
            {
                if (lines.Find(l => predicate(l)) is { } line)
                {
                    return line;
                }

                grown = _grown.Task;
            }

            if (await Task.WhenAny(grown, reading, deadline) != grown && !grown.IsCompleted)
            {
                throw new TimeoutException($"The line did not come. There were:\n{string.Join('\n', Lines())}\n{string.Join('\n', Errors())}");
            }
        }
    }

    /// <summary>The first event of a kind, from a program that prints JSON.</summary>
    public async Task<JsonObject> EventAsync(string kind, Func<JsonObject, bool>? predicate = null) => Event(
        await LineAsync(line => Event(line) is var e && e.Text("event") == kind && predicate?.Invoke(e) != false));

    public JsonObject[] Events(string kind) => [.. Lines().Select(Event).Where(e => e.Text("event") == kind)];

    /// <summary>Sends a signal by its name, such as INT.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static JsonObject Event(string line) => JsonNode.Parse(line)!.AsObject();

    private string[] Lines()
    {
        lock (_lines)
        {
            return [.. _lines];
        }
    }

    private string[] Errors()
    {
        lock (_lines)
        {
            return [.. _errorLines];
        }
    }

    private async Task ReadAsync(StreamReader reader, List<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            TaskCompletionSource grown;
            lock (_lines)
            {
                lines.Add(line);
                grown = _grown;
                _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            grown.SetResult();
        }
    }
}
