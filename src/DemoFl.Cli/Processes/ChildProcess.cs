using System.Diagnostics;
using DemoFl.Cli.Output;

namespace DemoFl.Cli.Processes;

/// <summary>
/// This program, started once more. Its standard input stays open as its life line: the child stops in order when it closes, which also happens
/// when this process dies. Its output arrives line by line; the end of its error output is kept for messages.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private const int ErrorLinesKept = 20;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Queue<string> _errors = new();

    private ChildProcess(string name, Process process) => (Name, _process) = (name, process);

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>The exit code, when the process has ended and its output has been read.</summary>
    public Task<int> Completion { get; private set; } = null!;

    /// <summary>The last lines of standard error: what it ended with, or its log where it said nothing else.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                string[] said = [.. _errors.Where(line => !LineFormatter.IsLog(line))];
                return string.Join(Environment.NewLine, said.Length > 0 ? said : _errors);
            }
        }
    }

    public static ChildProcess Start(string name, IEnumerable<string> arguments, Action<string> onLine)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };

        // Under `dotnet demofl.dll` the process is dotnet, and the program its first argument.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var child = new ChildProcess(name, Process.Start(start) ?? throw new IOException($"Cannot start {start.FileName}."));
        child.Completion = child.RunAsync(onLine);
        return child;
    }

    /// <summary>Lets the process stop in order; kills it when it does not.</summary>
    public async Task StopAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended by itself.
        }

        if (await Task.WhenAny(Completion, Task.Delay(StopPatience)) != Completion)
        {
            Kill();
            await Completion;
        }
    }

    /// <summary>Ends the process at once, as a crash would.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    public void Dispose() => _process.Dispose();

    private async Task<int> RunAsync(Action<string> onLine)
    {
        var errors = ReadAsync(_process.StandardError, line =>
        {
            lock (_errors)
            {
                _errors.Enqueue(line);
                while (_errors.Count > ErrorLinesKept)
                {
                    _errors.Dequeue();
                }
            }
        });
        await ReadAsync(_process.StandardOutput, onLine);
        await errors;
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            onLine(line);
        }
    }
}
