namespace DemoFl.Rpc.Tests.Http2;

/// <summary>The frames that tests send and expect (RFC 9113, section 6).</summary>
public enum FrameType : byte
{
    /// <summary>A piece of a body.</summary>
    Body = 0x0,
    Headers = 0x1,
    Reset = 0x3,
    Settings = 0x4,
    Ping = 0x6,
    GoAway = 0x7,
    WindowUpdate = 0x8,
    Continuation = 0x9,
}
