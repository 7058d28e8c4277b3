using System.Diagnostics;

namespace DemoFl.Chaos.Processes;

/// <summary>
/// One life of a <c>demofl</c> process. Its standard input is its life line: it stops in order when that closes, which also happens when this process dies.
/// </summary>
internal sealed class ChaosProcess : IDisposable
{
    private const int ErrorLinesKept = 200;

    private readonly Process _process;
    private readonly Queue<string> _errors = new();

    private ChaosProcess(string name, int life, Process process) => (Name, Life, _process) = (name, life, process);

    public string Name { get; }

    /// <summary>1 for the first process of this name.</summary>
    public int Life { get; }

    public int Id => _process.Id;

    public bool IsFrozen { get; private set; }

    /// <summary>The exit code, once the process has ended and all of its output has been read.</summary>
    public Task<int> Completion { get; private set; } = null!;

    /// <summary>The end of what it wrote to standard error.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return string.Join('\n', _errors);
            }
        }
    }

    public static ChaosProcess Start(string name, int life, Launch launch, IEnumerable<string> command, EventLog events)
    {
        string[] line = [.. launch.Prefix, .. command, .. launch.Arguments];
        var start = new ProcessStartInfo(line[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in line.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (key, value) in launch.Environment)
        {
            start.Environment[key] = value;
        }

        var started = new ChaosProcess(name, life, Process.Start(start) ?? throw new ChaosException($"Cannot start {line[0]}."));
        started.Completion = started.ReadAsync(events);
        return started;
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => Signals.Kill(_process);

    /// <summary>SIGSTOP.</summary>
    public void Freeze()
    {
        IsFrozen = true;
        Signals.Freeze(_process);
    }

    /// <summary>SIGCONT.</summary>
    public void Continue()
    {
        IsFrozen = false;
        Signals.Continue(_process);
    }

    /// <summary>Lets it stop in order; the caller waits for <see cref="Completion"/>.</summary>
    public void Stop()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended by itself.
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task<int> ReadAsync(EventLog events)
    {
        var errors = ReadErrorsAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            // A process that is killed leaves half a line behind.
            if (line is ['{', .., '}'])
            {
                events.Add(Name, Life, line);
            }
        }

        await errors;
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_errors)
            {
                _errors.Enqueue(line);
                while (_errors.Count > ErrorLinesKept)
                {
                    _errors.Dequeue();
                }
            }
        }
    }
}
