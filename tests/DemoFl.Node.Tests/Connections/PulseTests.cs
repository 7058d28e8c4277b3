using System.Threading.Channels;
using DemoFl.Node.Connections;
using DemoFl.Protocol;
using DemoFl.V1;
using Grpc.Core;

namespace DemoFl.Node.Tests.Connections;

/// <summary>The heartbeat call: it outlives its connection, and ends with its session.</summary>
public sealed class PulseTests : IDisposable
{
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(30));
    private readonly Channel<ServerMessage.Beat> _taken = Channel.CreateUnbounded<ServerMessage.Beat>();
    private readonly List<Line> _lines = [];

    [Fact]
    public async Task RunAsync_Beat_IsHandedOnAndItsAnswerSent()
    {
        using var pulse = await OpenedAsync(new Line());
        var running = pulse.RunAsync(b => _taken.Writer.TryWrite(b), _stop.Token);

        _lines[0].Beats.Writer.TryWrite(new Beat { Number = 7 });
        Assert.Equal(7UL, (await _taken.Reader.ReadAsync(_stop.Token)).Number);
        pulse.Answer(new NodeMessage.BeatAnswered(7));

        Assert.Equal(7UL, (await _lines[0].Answers.Reader.ReadAsync(_stop.Token)).Number);
        await _stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task RunAsync_CallThatBreaks_IsOpenedAgain()
    {
        using var pulse = await OpenedAsync(new Line(), new Line());
        var running = pulse.RunAsync(b => _taken.Writer.TryWrite(b), _stop.Token);

        _lines[0].Beats.Writer.Complete(new RpcException(new Status(StatusCode.Unavailable, "cut")));
        _lines[1].Beats.Writer.TryWrite(new Beat { Number = 8 });

        Assert.Equal(8UL, (await _taken.Reader.ReadAsync(_stop.Token)).Number);
        pulse.Answer(new NodeMessage.BeatAnswered(8));
        Assert.Equal(8UL, (await _lines[1].Answers.Reader.ReadAsync(_stop.Token)).Number);
        await _stop.CancelAsync();
        await running;
    }

    [Theory]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.Unimplemented)]
    public async Task RunAsync_SessionThatIsOver_Ends(StatusCode status)
    {
        using var pulse = await OpenedAsync(new Line());
        _lines[0].Beats.Writer.Complete(new RpcException(new Status(status, "over")));

        await pulse.RunAsync(b => _taken.Writer.TryWrite(b), _stop.Token);

        Assert.False(_stop.IsCancellationRequested);
    }

    [Fact]
    public async Task Answer_MoreThanMayWait_NeverWaits()
    {
        using var pulse = await OpenedAsync(new Line());
        for (ulong i = 1; i <= 100; i++)
        {
            pulse.Answer(new NodeMessage.BeatAnswered(i));
        }

        var running = pulse.RunAsync(b => _taken.Writer.TryWrite(b), _stop.Token);

        Assert.Equal(97UL, (await _lines[0].Answers.Reader.ReadAsync(_stop.Token)).Number);
        await _stop.CancelAsync();
        await running;
    }

    public void Dispose() => _stop.Dispose();

    private async Task<Pulse> OpenedAsync(params Line[] lines)
    {
        var opening = new Queue<Line>(lines);
        _lines.AddRange(lines);
        var pulse = new Pulse(() => opening.Dequeue().Call(), null, TimeProvider.System);
        await pulse.OpenAsync(CancellationToken.None);
        return pulse;
    }

    /// <summary>A call whose other end is the test.</summary>
    private sealed class Line : IAsyncStreamReader<Beat>, IClientStreamWriter<BeatAnswered>
    {
        public Channel<Beat> Beats { get; } = Channel.CreateUnbounded<Beat>();

        public Channel<BeatAnswered> Answers { get; } = Channel.CreateUnbounded<BeatAnswered>();

        public Beat Current { get; private set; } = new();

        public WriteOptions? WriteOptions { get; set; }

        public AsyncDuplexStreamingCall<BeatAnswered, Beat> Call() =>
            new(this, this, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await Beats.Reader.WaitToReadAsync(cancellationToken))
            {
                return false;
            }

            Current = await Beats.Reader.ReadAsync(cancellationToken);
            return true;
        }

        public Task WriteAsync(BeatAnswered message) => WriteAsync(message, CancellationToken.None);

        public Task WriteAsync(BeatAnswered message, CancellationToken cancellationToken) => Answers.Writer.WriteAsync(message, cancellationToken).AsTask();

        public Task CompleteAsync() => Task.CompletedTask;
    }
}
