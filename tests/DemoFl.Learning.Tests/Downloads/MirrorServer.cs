using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DemoFl.Learning.Tests.Downloads;

/// <summary>A small HTTP/1.1 server on a free loopback port: each path answers with bytes of its own, then the connection closes.</summary>
public sealed class MirrorServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Dictionary<string, byte[]> _answers = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _requests = [];
    private readonly Task _loop;

    public MirrorServer()
    {
        _listener.Start();
        _loop = ServeAsync();
    }

    /// <summary>The paths asked for, in order.</summary>
    public IReadOnlyList<string> Requests => _requests;

    public Uri Serve(string path, byte[] body) =>
        Answer(path, $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n", body);

    /// <summary>Promises more than it sends.</summary>
    public Uri ServeTruncated(string path, byte[] body) =>
        Answer(path, $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n", body[..(body.Length / 2)]);

    /// <summary>Says nothing about the length.</summary>
    public Uri ServeUnannounced(string path, byte[] body) => Answer(path, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", body);

    public Uri ServeStatus(string path, int status) =>
        Answer(path, $"HTTP/1.1 {status} Gone Fishing\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", []);

    /// <summary>Never answers.</summary>
    public Uri ServeSilence(string path) => Answer(path, "", []);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _listener.Dispose();
        _stop.Dispose();
    }

    private Uri Answer(string path, string head, byte[] body)
    {
        _answers[path] = [.. Encoding.ASCII.GetBytes(head), .. body];
        return new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}{path}");
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        try
        {
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            var path = (await reader.ReadLineAsync(_stop.Token))!.Split(' ')[1];
            while (!string.IsNullOrEmpty(await reader.ReadLineAsync(_stop.Token)))
            {
            }

            _requests.Add(path);
            if (_answers[path].Length > 0) await stream.WriteAsync(_answers[path], _stop.Token);
            else await stream.CopyToAsync(Stream.Null, _stop.Token); // until the client gives up
        }
        catch (IOException)
        {
            // The client hung up: it refused what it saw.
        }
    }
}
