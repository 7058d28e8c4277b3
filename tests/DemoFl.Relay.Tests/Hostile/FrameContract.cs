using System.Text;
using static DemoFl.Relay.Tests.Hostile.Http2Frame;

namespace DemoFl.Relay.Tests.Hostile;

/// <summary>HTTP/2 frames that break RFC 9113: the error it asks for, and a line that says what was wrong.</summary>
public abstract class FrameContract(bool useTls) : HostileContract(useTls)
{
    /// <summary>Name; what is said after preface and settings; the connection's error; what the line says.</summary>
    public static TheoryData<string, byte[], int, string> BadFrames => new()
    {
        { "frame beyond the limit", Claiming(0xFFFFFF, Data, 0, 1), FrameSizeError, "exceeds the limit" },
        { "DATA on stream 0", Of(Data, 0, 0, 1), ProtocolError, "stream ID 0" },
        { "HEADERS on stream 0", Of(Headers, EndHeaders, 0, CallHeaders("/x/y")), ProtocolError, "stream ID 0" },
        { "HEADERS on an even stream", Of(Headers, EndHeaders, 2, CallHeaders("/x/y")), ProtocolError, "even stream" },
        { "DATA on an idle stream", Of(Data, 0, 7, 1), ProtocolError, "idle" },
        { "SETTINGS of 5 bytes", Of(Settings, 0, 0, 0, 1, 0, 0, 0), FrameSizeError, "SETTINGS" },
        { "SETTINGS on a stream", Of(Settings, 0, 1), ProtocolError, "SETTINGS" },
        { "SETTINGS of a huge window", Of(Settings, 0, 0, 0, 4, 0xFF, 0xFF, 0xFF, 0xFF), FlowControlError, "SETTINGS" },
        { "PING of 7 bytes", Of(Ping, 0, 0, new byte[7]), FrameSizeError, "PING" },
        { "WINDOW_UPDATE of nothing", Of(WindowUpdate, 0, 0, Number(0)), ProtocolError, "WINDOW_UPDATE" },
        { "WINDOW_UPDATE beyond all", [.. Of(WindowUpdate, 0, 0, Number(int.MaxValue)), .. Of(WindowUpdate, 0, 0, Number(int.MaxValue))], FlowControlError, "window" },
        { "RST_STREAM of an idle stream", Of(RstStream, 0, 5, Number(Cancel)), ProtocolError, "idle" },
        { "CONTINUATION of nothing", Of(Continuation, EndHeaders, 1, CallHeaders("/x/y")), ProtocolError, "CONTINUATION" },
        { "PING within a header block", [.. Of(Headers, 0, 1, CallHeaders("/x/y")), .. Of(Ping, 0, 0, new byte[8])], ProtocolError, "PING" },
        { "streams in the wrong order", [.. Of(Headers, EndHeaders, 5, CallHeaders("/x/y")), .. Of(Headers, EndHeaders, 3, CallHeaders("/x/y"))], StreamClosed, "closed" },
        { "PUSH_PROMISE of a client", Of(5, EndHeaders, 1, Number(2)), ProtocolError, "PUSH_PROMISE" },
        { "HPACK index 0", Of(Headers, EndHeaders, 1, 0x80), InternalError, "" },
        { "HPACK index beyond the table", Of(Headers, EndHeaders, 1, 0xFF, 0x7F), CompressionError, "index" },
        { "HPACK integer without end", Of(Headers, EndHeaders, 1, [0xFF, .. Enumerable.Repeat((byte)0xFF, 20)]), CompressionError, "" },
        { "HPACK table beyond the limit", Of(Headers, EndHeaders, 1, 0x3F, 0xE1, 0xFF, 0x7F), CompressionError, "" },
        { "headers in capitals", Of(Headers, EndHeaders, 1, CallHeaders("/x/y", ("Upper", "case"))), ProtocolError, "uppercase" },
        { "pseudo-header after a header", Of(Headers, EndHeaders, 1, CallHeaders("/x/y", (":path", "/z/z"))), ProtocolError, "Pseudo-header" },
        { "connection header", Of(Headers, EndHeaders, 1, CallHeaders("/x/y", ("connection", "close"))), ProtocolError, "connection-specific" },
    };

    [Theory]
    [MemberData(nameof(BadFrames))]
    public async Task Frame_ThatBreaksTheProtocol_EndsItsConnectionWithTheErrorAndALine(string name, byte[] said, int error, string reason)
    {
        await using var connection = await RawConnection.GreetAsync(Address);
        await connection.SayAsync(said);
        Assert.True(await connection.EndingAsync() is var ending && ending == error, $"{name} ended with {ending}, not {error}");
        var line = await Server.AuditedAsync("protocol_violation", reason);
        Assert.StartsWith("ipv4:127.0.0.1:", line.GetProperty("peer").GetString(), StringComparison.Ordinal);
        Assert.Equal("connection", line.GetProperty("what").GetString());
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    public async Task Preface_ThatIsNone_EndsTheConnectionWithALine(string said)
    {
        await using var connection = await RawConnection.ConnectAsync(Address, reads: false);
        await connection.SayAsync(Encoding.Latin1.GetBytes(said));
        await connection.TextAsync();
        await Server.AuditedAsync("protocol_violation", "");
    }

    [Fact]
    public async Task Preface_ThatStops_EndsTheConnectionAtTheDeadline()
    {
        await using var connection = await RawConnection.ConnectAsync(Address, reads: false);
        await connection.SayAsync(Preface[..10]);
        var ending = connection.TextAsync();
        while (!ending.IsCompleted)
        {
            // The server says nothing when it takes a connection: time passes until it has, and the deadline after.
            Clock.Advance(Limits.JoinDeadline);
            await Task.Yield();
        }

        await ending;
        await Server.AuditedAsync("deadline_expired", "no session within 60 s");
    }

    [Fact]
    public async Task HeaderBlock_WithoutEnd_EndsTheConnectionBeforeItFillsMemory()
    {
        await using var connection = await RawConnection.GreetAsync(Address);
        await connection.SayAsync(Of(Headers, 0, 1, CallHeaders("/x/y")));
        byte[] more = Of(Continuation, 0, 1, Block(("x", new string('y', 8000))));
        await connection.FloodAsync(more, 10_000);
        Assert.NotNull(await connection.EndingAsync());
        await Server.AuditedAsync("protocol_violation", "");
    }

    [Fact]
    public async Task EmptyContinuations_WithoutEnd_EndTheConnection()
    {
        await using var connection = await RawConnection.GreetAsync(Address);
        await connection.SayAsync(Of(Headers, 0, 1, CallHeaders("/x/y")));
        byte[] more = [.. Enumerable.Repeat(Of(Continuation, 0, 1), 1000).SelectMany(f => f)];
        await connection.FloodAsync(more, 10_000);
        await connection.EndingAsync();
        await Server.AuditedAsync("limit_reached", "bytes sent before a session");
    }

    [Fact]
    public async Task HpackBomb_OfOneEntryRepeated_EndsTheConnection()
    {
        // 4 kB put into the table once, and named 12,000 times by a byte each: 48 MB of headers in 16 kB.
        byte[] bomb = [.. CallHeaders(Address.Scheme, "/x/y"), .. Field("x", new string('y', 4000), 0x40), .. Enumerable.Repeat((byte)(0x80 | 62), 12_000)];
        await using var connection = await RawConnection.GreetAsync(Address);
        await connection.SayAsync(Of(Headers, EndHeaders, 1, bomb));
        Assert.NotNull(await connection.EndingAsync(stream: 1));
        await Server.AuditedAsync("protocol_violation", "");
    }
}
