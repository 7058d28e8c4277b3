using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Channels;
using DemoFl.Relay.Tests.Fixtures;

namespace DemoFl.Relay.Tests.Hostile;

/// <summary>A connection that says what no well-behaved client would. What comes back is read all the time, unless it is told not to.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _tcp;
    private readonly Stream _stream;
    private readonly Channel<(byte Type, int Stream, byte[] Payload)> _frames = Channel.CreateUnbounded<(byte, int, byte[])>();
    private readonly Task _reading;

    private RawConnection(TcpClient tcp, Stream stream, bool reads)
    {
        (_tcp, _stream) = (tcp, stream);
        _reading = reads ? ReadFramesAsync() : Task.CompletedTask;
    }

    /// <summary>The bytes below, for what is not HTTP/2.</summary>
    public Stream Bytes => _stream;

    /// <summary>A TCP connection, with TLS for https; nothing of HTTP is said yet.</summary>
    public static async Task<RawConnection> ConnectAsync(Uri address, bool reads = true)
    {
        var tcp = new TcpClient { NoDelay = true };
        try
        {
            await tcp.ConnectAsync(address.Host, address.Port);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Taken and closed before this side knew of it.
            return new RawConnection(tcp, Stream.Null, reads);
        }

        Stream stream = tcp.GetStream();
        if (address.Scheme == Uri.UriSchemeHttps)
        {
            var tls = new SslStream(stream, false, TestTls.IsTheServers);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2],
            });
            stream = tls;
        }

        return new RawConnection(tcp, stream, reads);
    }

    /// <summary>Likewise, after preface and settings.</summary>
    public static async Task<RawConnection> GreetAsync(Uri address, bool reads = true, params byte[] settings)
    {
        var connection = await ConnectAsync(address, reads);
        await connection.SayAsync([.. Http2Frame.Preface, .. Http2Frame.Of(Http2Frame.Settings, 0, 0, settings)]);
        return connection;
    }

    /// <summary>Sends; false when the server has closed the connection.</summary>
    public async Task<bool> SayAsync(byte[] bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes).AsTask().WaitAsync(TestServer.Patience);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Sends over and over until the server closes the connection or it was enough.</summary>
    public async Task FloodAsync(byte[] bytes, int times)
    {
        for (int i = 0; i < times && await SayAsync(bytes); i++)
        {
        }
    }

    /// <summary>The error of the stream's reset, or of the connection's end; null when it was closed without one.</summary>
    public async Task<int?> EndingAsync(int stream = 0)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        await foreach (var (type, at, payload) in _frames.Reader.ReadAllAsync(patience.Token))
        {
            if (type == Http2Frame.GoAway && BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(4)) is not 0 and var error)
            {
                return error;
            }

            if (type == Http2Frame.RstStream && at == stream && stream != 0)
            {
                return BinaryPrimitives.ReadInt32BigEndian(payload);
            }
        }

        return null;
    }

    /// <summary>Waits for the first frame of a type.</summary>
    public async Task ExpectAsync(byte type) => Assert.True(await HearsAsync(type), $"The connection ended without a frame of type {type}.");

    /// <summary>Likewise; false when the connection ends without one.</summary>
    public async Task<bool> HearsAsync(byte type)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        await foreach (var frame in _frames.Reader.ReadAllAsync(patience.Token))
        {
            if (frame.Type == type)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Everything up to the server's end of the connection, as text.</summary>
    public async Task<string> TextAsync()
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        var text = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(text, patience.Token);
        }
        catch (IOException)
        {
            // Closed with a reset.
        }

        return System.Text.Encoding.Latin1.GetString(text.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        await _reading;
        await _stream.DisposeAsync();
    }

    private async Task ReadFramesAsync()
    {
        var header = new byte[9];
        try
        {
            while (true)
            {
                await _stream.ReadExactlyAsync(header);
                var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header) >>> 8];
                await _stream.ReadExactlyAsync(payload);
                _frames.Writer.TryWrite((header[3], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)), payload));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OverflowException)
        {
            _frames.Writer.TryComplete();
        }
    }
}
