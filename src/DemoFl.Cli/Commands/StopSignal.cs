using System.Runtime.InteropServices;

namespace DemoFl.Cli.Commands;

/// <summary>
/// Ctrl-C and SIGTERM as a token. A child process stops when its standard input ends instead: its parent, which a terminal's Ctrl-C reaches
/// too, decides in which order things stop, and when the parent dies, so does the child.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly bool _watchInput;

    public StopSignal(bool watchInput)
    {
        _watchInput = watchInput;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, On), PosixSignalRegistration.Create(PosixSignal.SIGTERM, On)];
        if (watchInput)
        {
            new Thread(WatchInput) { IsBackground = true, Name = "parent watch" }.Start();
        }
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void On(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_watchInput || context.Signal == PosixSignal.SIGTERM)
        {
            _source.Cancel();
        }
    }

    private void WatchInput()
    {
        while (Console.In.Read() >= 0)
        {
        }

        _source.Cancel();
    }
}
