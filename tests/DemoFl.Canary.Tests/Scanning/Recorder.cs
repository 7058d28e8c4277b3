using System.Net;
using System.Net.Sockets;

namespace DemoFl.Canary.Tests.Scanning;

/// <summary>Stands between nodes and their server and keeps every byte of either direction. Thread-safe.</summary>
internal sealed class Recorder : IAsyncDisposable
{
    private const int MaxRecordedBytes = 64 << 20;

    private readonly Lock _gate = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<MemoryStream> _streams = [];
    private readonly List<(long Bytes, TaskCompletionSource Reached)> _waiting = [];
    private readonly List<Task> _tasks = [];
    private readonly int _server;
    private long _toServer;
    private long _recorded;

    public Recorder(Uri server)
    {
        _server = server.Port;
        _listener.Start();
        _tasks.Add(AcceptAsync());
    }

    /// <summary>Where nodes connect.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Waits until so many bytes went to the server in all.</summary>
    public Task SentAsync(long bytes)
    {
        lock (_gate)
        {
            if (_toServer >= bytes)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((bytes, reached));
            return reached.Task;
        }
    }

    /// <summary>The forms that are in what was recorded so far.</summary>
    public SortedSet<string> Scan(Needles needles)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (byte[] stream in Recorded())
        {
            needles.Find(stream, found);
        }

        return found;
    }

    /// <summary>Every stream so far, each connection's two directions apart.</summary>
    public IReadOnlyList<byte[]> Recorded()
    {
        lock (_gate)
        {
            return [.. _streams.Select(s => s.ToArray())];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Task[] tasks;
        lock (_gate)
        {
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var node = await _listener.AcceptTcpClientAsync(_stop.Token);
                lock (_gate)
                {
                    _tasks.Add(ServeAsync(node));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient node)
    {
        using (node)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
                await Task.WhenAny(
                    CopyAsync(node.GetStream(), server.GetStream(), isToServer: true), CopyAsync(server.GetStream(), node.GetStream(), isToServer: false));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // Stopped, or the server is gone.
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool isToServer)
    {
        var record = new MemoryStream();
        lock (_gate)
        {
            _streams.Add(record);
        }

        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var length)
            {
                await to.WriteAsync(buffer.AsMemory(0, length), _stop.Token);
                Keep(record, buffer.AsSpan(0, length), isToServer);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // One end is gone.
        }
    }

    private void Keep(MemoryStream record, ReadOnlySpan<byte> bytes, bool isToServer)
    {
        lock (_gate)
        {
            _recorded += bytes.Length;
            if (_recorded > MaxRecordedBytes)
            {
                throw new InvalidOperationException($"More than {MaxRecordedBytes} bytes went by.");
            }

            record.Write(bytes);
            _toServer += isToServer ? bytes.Length : 0;
            foreach (var (_, reached) in _waiting.Where(w => w.Bytes <= _toServer))
            {
                reached.TrySetResult();
            }
        }
    }
}
