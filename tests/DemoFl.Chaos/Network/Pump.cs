using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace DemoFl.Chaos.Network;

/// <summary>One direction of one connection: reads, holds bytes back as its flows say, writes.</summary>
/// <param name="from">Where bytes come from.</param>
/// <param name="to">Where they go.</param>
/// <param name="flows">What happens to them.</param>
/// <param name="seen">Told of all that is read.</param>
internal sealed class Pump(Socket from, Socket to, Flow[] flows, Action<ReadOnlyMemory<byte>> seen)
{
    private const int ChunkBytes = 4 * 1024;

    /// <summary>Chunks on their way: 1 MiB, which is what a delayed link of 5 MB/s and 200 ms holds.</summary>
    private const int MaxChunksUnderWay = 256;

    private readonly Channel<(ReadOnlyMemory<byte> Bytes, long DueAt)> _underWay = Channel.CreateBounded<(ReadOnlyMemory<byte>, long)>(
        new BoundedChannelOptions(MaxChunksUnderWay) { SingleReader = true, SingleWriter = true });

    private bool _hasLost;

    /// <summary>Runs until the sender has ended its direction and all of it has been passed on, the end included.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = ReadAsync(stopped.Token);
        try
        {
            await WriteAsync(stopped.Token);
        }
        finally
        {
            await stopped.CancelAsync();
            await reading;
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                await OpenAsync(cancellation);
                byte[] chunk = new byte[ChunkBytes];
                int length = await from.ReceiveAsync(chunk, cancellation);
                if (length == 0)
                {
                    return;
                }

                seen(chunk.AsMemory(0, length));
                var delay = flows.Aggregate(TimeSpan.Zero, (sum, flow) => sum + flow.Delay);
                await _underWay.Writer.WriteAsync(
                    (chunk.AsMemory(0, length), Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency)), cancellation);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            failure = e;
        }
        finally
        {
            _underWay.Writer.Complete(failure);
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        await foreach (var (bytes, dueAt) in _underWay.Reader.ReadAllAsync(cancellation))
        {
            await UntilAsync(dueAt, cancellation);
            foreach (var flow in flows)
            {
                await flow.PaceAsync(bytes.Length, cancellation);
            }

            await OpenAsync(cancellation);
            if (!Loses())
            {
                for (int sent = 0; sent < bytes.Length;)
                {
                    sent += await to.SendAsync(bytes[sent..], cancellation);
                }

                Array.ForEach(flows, flow => flow.Passed(bytes.Length));
            }
        }

        await OpenAsync(cancellation);
        if (!Loses())
        {
            to.Shutdown(SocketShutdown.Send);
        }
    }

    private bool Loses() => _hasLost = _hasLost || flows.Any(flow => flow.IsDropping);

    private async Task OpenAsync(CancellationToken cancellation)
    {
        foreach (var flow in flows)
        {
            await flow.UntilOpenAsync(cancellation);
        }
    }

    private static async Task UntilAsync(long timestamp, CancellationToken cancellation)
    {
        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), timestamp);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, cancellation);
        }
    }
}
