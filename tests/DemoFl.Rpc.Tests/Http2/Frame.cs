namespace DemoFl.Rpc.Tests.Http2;

/// <summary>One frame of HTTP/2.</summary>
public sealed record Frame(FrameType Type, byte Flags, int Stream, byte[] Payload)
{
    /// <summary>END_STREAM of bodies and headers, ACK of settings and pings.</summary>
    public const byte End = 0x1;

    /// <summary>END_HEADERS.</summary>
    public const byte EndHeaders = 0x4;

    /// <summary>The largest payload that needs no leave.</summary>
    public const int MaxLength = 16_384;

    /// <summary>Whether this ends its stream, or acknowledges.</summary>
    public bool IsEnd => (Flags & End) != 0;
}
