using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DemoFl.Rpc.Tests.Http2;

/// <summary>
/// One end of an HTTP/2 connection, frame by frame, to do what no library's client or server would. It checks nothing, answers nothing by
/// itself, and sends headers as literals (RFC 7541, section 6.2.2). Not thread-safe, but one may read while another writes.
/// </summary>
public sealed class WireConnection : IAsyncDisposable
{
    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly NetworkStream _stream;

    private WireConnection(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>Connects as a client and sends the preface with empty settings.</summary>
    public static async Task<WireConnection> ConnectAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Parse(address.Host), address.Port);
        var connection = new WireConnection(socket);
        await connection._stream.WriteAsync(Preface);
        await connection.SendAsync(FrameType.Settings, 0, 0, []);
        return connection;
    }

    /// <summary>Accepts a client and reads its preface; sends nothing.</summary>
    public static async Task<WireConnection> AcceptAsync(Socket listener)
    {
        var connection = new WireConnection(await listener.AcceptAsync().WaitAsync(Patience));
        var preface = new byte[Preface.Length];
        await connection._stream.ReadExactlyAsync(preface).AsTask().WaitAsync(Patience);
        Assert.Equal(Preface, preface);
        return connection;
    }

    /// <summary>Sends a frame.</summary>
    public async Task SendAsync(FrameType type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)payload.Length << 8);
        (frame[3], frame[4]) = ((byte)type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        await _stream.WriteAsync(frame).AsTask().WaitAsync(Patience);
    }

    /// <summary>Sends headers, in as many frames as they need.</summary>
    public async Task SendHeadersAsync(int stream, bool end, params (string Name, string Value)[] headers)
    {
        var pieces = Pieces(headers);
        for (var i = 0; i < pieces.Length; i++)
        {
            var flags = (end && i == 0 ? Frame.End : 0) | (i == pieces.Length - 1 ? Frame.EndHeaders : 0);
            await SendAsync(i == 0 ? FrameType.Headers : FrameType.Continuation, (byte)flags, stream, pieces[i]);
        }
    }

    /// <summary>Sends the headers of a gRPC request.</summary>
    public Task SendRequestAsync(int stream, string path, params (string Name, string Value)[] more) =>
        SendHeadersAsync(stream, end: false, Request(path, more));

    /// <summary>
    /// Sends only the first frame of headers that need several. A server that ends the connection at it has read all there is: with more under way it would
    /// reset the connection, and what it said last could be lost.
    /// </summary>
    public Task SendStartOfRequestAsync(int stream, string path, params (string Name, string Value)[] more) =>
        SendAsync(FrameType.Headers, 0, stream, Pieces(Request(path, more))[0]);

    /// <summary>Resets a stream.</summary>
    public Task SendResetAsync(int stream, int error) => SendAsync(FrameType.Reset, 0, stream, Bytes(error));

    /// <summary>Says that no stream after the last will be served.</summary>
    public Task SendGoAwayAsync(int lastStream, int error, string text = "") =>
        SendAsync(FrameType.GoAway, 0, 0, [.. Bytes(lastStream), .. Bytes(error), .. Encoding.ASCII.GetBytes(text)]);

    /// <summary>Reads the next frame; null at the end of the connection.</summary>
    public async Task<Frame?> ReadAsync()
    {
        var head = new byte[9];
        try
        {
            if (await _stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false).AsTask().WaitAsync(Patience) < head.Length) return null;
        }
        catch (IOException)
        {
            return null;
        }

        var payload = new byte[BinaryPrimitives.ReadUInt32BigEndian(head) >> 8];
        await _stream.ReadExactlyAsync(payload).AsTask().WaitAsync(Patience);
        return new Frame((FrameType)head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
    }

    /// <summary>Reads up to the first frame of which this holds.</summary>
    public async Task<Frame> ReadUntilAsync(Func<Frame, bool> wanted)
    {
        while (await ReadAsync() is { } frame)
        {
            if (wanted(frame)) return frame;
        }

        throw new EndOfStreamException("The connection ended before the frame that was wanted.");
    }

    /// <summary>Says that no more is sent. Unlike Dispose, that cannot overtake what was sent before.</summary>
    public void EndOutput() => _stream.Socket.Shutdown(SocketShutdown.Send);

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static (string Name, string Value)[] Request(string path, (string Name, string Value)[] more) =>
        [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "raw.test"), ("content-type", "application/grpc"), ("te", "trailers"), .. more];

    /// <summary>As they fit into frames.</summary>
    private static byte[][] Pieces((string Name, string Value)[] headers)
    {
        var block = new MemoryStream();
        foreach (var (name, value) in headers)
        {
            block.WriteByte(0);
            WriteText(block, name);
            WriteText(block, value);
        }

        return [.. block.ToArray().Chunk(Frame.MaxLength)];
    }

    private static byte[] Bytes(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static void WriteText(Stream block, string text)
    {
        // Without Huffman's code; the length in seven bits, and what is more in groups of seven (RFC 7541, section 5).
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length < 127)
        {
            block.WriteByte((byte)bytes.Length);
        }
        else
        {
            block.WriteByte(127);
            var rest = bytes.Length - 127;
            for (; rest >= 128; rest >>= 7)
                block.WriteByte((byte)(0x80 | (rest & 0x7f)));
            block.WriteByte((byte)rest);
        }

        block.Write(bytes);
    }
}
