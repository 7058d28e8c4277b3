using System.Threading.Channels;
using DemoFl.Protocol;

namespace DemoFl.Relay.Tests.Fixtures;

/// <summary>Everything the server reports, in order.</summary>
internal sealed class RecordingObserver : IRunObserver
{
    private readonly Channel<object> _happened = Channel.CreateUnbounded<object>();

    public void On(CoordinatorEvent happened) => _happened.Writer.TryWrite(happened);

    public void On(RoundReport report) => _happened.Writer.TryWrite(report);

    /// <summary>The next of its kind; what comes before it is skipped.</summary>
    public async Task<T> NextAsync<T>()
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (true)
        {
            if (await _happened.Reader.ReadAsync(patience.Token) is T wanted)
            {
                return wanted;
            }
        }
    }
}
