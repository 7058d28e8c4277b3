using System.Runtime.InteropServices;

namespace DemoFl.Cli.Commands;

/// <summary>
/// Ctrl-C and SIGTERM as a token, and, for a child process, the end of its standard input: when its parent dies, so does it.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignal(bool watchInput)
    {
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
        _source.Cancel();
    }

    private void WatchInput()
    {
        while (Console.In.Read() >= 0)
        {
        }

        _source.Cancel();
    }
}
