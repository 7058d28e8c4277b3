using System.Net.Sockets;
using System.Text;
using DemoFl.Wire;
using Grpc.Net.Client;

namespace DemoFl.Node.Trainers;

/// <summary>
/// Where a trainer listens: <c>http://127.0.0.1:PORT</c> or <c>unix:PATH</c>. On this machine only: it gets the model and gives the party's update,
/// unmasked and unauthenticated.
/// </summary>
public sealed record TrainerAddress
{
    /// <summary>The longest path that a socket's address holds, in bytes (unix(7): 108 with its end).</summary>
    private const int MaxPathBytes = 107;

    private const string UnixPrefix = "unix:";

    private readonly Uri _uri;
    private readonly string? _path;

    private TrainerAddress(Uri uri, string? path) => (_uri, _path) = (uri, path);

    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">It is none, or not on this machine; the text says what to write.</exception>
    public static TrainerAddress Parse(string text)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            string path = text[UnixPrefix.Length..];
            return path.Length > 0 && Encoding.UTF8.GetByteCount(path) <= MaxPathBytes
                ? new TrainerAddress(new Uri("http://localhost"), path)
                : throw new FormatException($"'{text}' needs a path of 1 to {MaxPathBytes} bytes, such as unix:/run/user/1000/trainer.sock.");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/")
        {
            throw new FormatException($"'{text}' is no trainer's address; use http://127.0.0.1:PORT or unix:PATH.");
        }

        return uri.IsLoopback
            ? new TrainerAddress(uri, null)
            : throw new FormatException(
                $"'{text}' is beyond this machine, and a trainer sees what the server must not; use http://127.0.0.1:PORT or unix:PATH.");
    }

    /// <summary>The address as it was written.</summary>
    public override string ToString() => _path is null ? $"http://{_uri.Authority}" : UnixPrefix + _path;

    /// <summary>A channel to it; nothing is sent yet.</summary>
    internal GrpcChannel Open()
    {
        var handler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true };
        if (_path is not null)
        {
            handler.ConnectCallback = async (_, cancellation) => await ConnectAsync(_path, cancellation);
        }

        var options = new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true };
        GrpcStack.Configure(options);
        return GrpcChannel.ForAddress(_uri, options);
    }

    private static async Task<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
