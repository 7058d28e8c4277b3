using System.Buffers.Binary;
using System.Text;

namespace DemoFl.Relay.Tests.Hostile;

/// <summary>HTTP/2 frames and header blocks as bytes, right or wrong (RFC 9113, RFC 7541).</summary>
internal static class Http2Frame
{
    public const byte Data = 0, Headers = 1, Priority = 2, RstStream = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;
    public const byte EndStream = 1, EndHeaders = 4;

    public const int ProtocolError = 1, InternalError = 2, FlowControlError = 3, StreamClosed = 5, FrameSizeError = 6, RefusedStream = 7, Cancel = 8, CompressionError = 9,
        EnhanceYourCalm = 11;

    public static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    public static byte[] Of(byte type, byte flags, int stream, params byte[] payload) => Claiming(payload.Length, type, flags, stream, payload);

    /// <summary>A frame whose length field says what it is told to.</summary>
    public static byte[] Claiming(int length, byte type, byte flags, int stream, params byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    public static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    /// <summary>A header block of a gRPC call; every field literal and not indexed.</summary>
    public static byte[] CallHeaders(string path, params (string Name, string Value)[] more) => CallHeaders("http", path, more);

    /// <summary>Likewise for a scheme, which must be the connection's.</summary>
    public static byte[] CallHeaders(string scheme, string path, params (string Name, string Value)[] more) => Block(
        [(":method", "POST"), (":scheme", scheme), (":path", path), (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers"), .. more]);

    public static byte[] Block(params (string Name, string Value)[] fields) => [.. fields.SelectMany(f => Field(f.Name, f.Value, 0x00))];

    /// <summary>A literal field: 0x00 not indexed, 0x40 put into the table.</summary>
    public static byte[] Field(string name, string value, byte kind) => [kind, .. Text(name), .. Text(value)];

    private static byte[] Text(string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        var length = new List<byte>();
        if (bytes.Length < 127)
        {
            length.Add((byte)bytes.Length);
        }
        else
        {
            length.Add(127);
            int rest = bytes.Length - 127;
            for (; rest >= 128; rest >>= 7)
            {
                length.Add((byte)((rest & 127) | 128));
            }

            length.Add((byte)rest);
        }

        return [.. length, .. bytes];
    }
}
