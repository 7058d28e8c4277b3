using System.Text;
using DemoFl.Relay.Peers;

namespace DemoFl.Relay.Tests.Hostile;

/// <summary>The HTTP/1.1 port: what is no request, and what tries to be two.</summary>
public sealed class PagesTests() : HostileContract(useTls: false)
{
    private const string Ok = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

    private protected override HostLimits Limits => new()
    {
        RequestHeadersDeadline = TimeSpan.FromSeconds(1), MaxPageConnectionsPerAddress = 3, MaxPageConnections = 3, MaxUnjoinedBytes = 64 * 1024,
    };

    private Uri Pages => Server.Server.Pages!;

    /// <summary>What is said; the status; the kind of line.</summary>
    public static TheoryData<string, string, string> BadRequests => new()
    {
        { "\0\u0001\u0002\r\n\r\n", "400", "protocol_violation" },
        { "GET\r\n\r\n", "400", "protocol_violation" },
        { "GET / HTTP/9.9\r\nHost: x\r\n\r\n", "505", "protocol_violation" },
        { "GET / HTTP/1.1\r\n\r\n", "400", "protocol_violation" },
        { "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400", "protocol_violation" },
        { "GET / HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n", "400", "protocol_violation" },
        { "GET / HTTP/1.1\r\nHost: x\r\nBad name: y\r\n\r\n", "400", "protocol_violation" },
        { "GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n", "400", "protocol_violation" },
        { "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "400", "protocol_violation" },
        { "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400", "protocol_violation" },
        { "GET /" + new string('a', 8000) + " HTTP/1.1\r\nHost: x\r\n\r\n", "414", "limit_reached" },
        { "GET / HTTP/1.1\r\nHost: x\r\nLong: " + new string('a', 40_000) + "\r\n\r\n", "431", "limit_reached" },
        { "GET / HTTP/1.1\r\nHost: x\r\n" + string.Concat(Enumerable.Repeat("A: b\r\n", 200)) + "\r\n", "431", "limit_reached" },
        { "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", "413", "message_refused" },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task Request_ThatIsNone_GetsAStatusAndALine(string said, string status, string kind)
    {
        string answer = await SayAsync(said);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        await Server.AuditedAsync(kind, "");
    }

    [Theory]
    [InlineData("Content-Length: 36\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Ok)]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + Ok)]
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n" + Ok)]
    [InlineData("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + Ok)]
    [InlineData("Content-Length: 6\r\n\r\nabcdef" + Ok)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nZZ\r\n" + Ok)]
    public async Task Request_WithABodyOrTwoLengths_LetsNothingAfterItPass(string rest)
    {
        string answer = await SayAsync("POST / HTTP/1.1\r\nHost: x\r\n" + rest);
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.Equal(0, answer.LastIndexOf("HTTP/1.1", StringComparison.Ordinal));
        Assert.DoesNotContain("ok\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_OfHttp2_IsToldSoAndClosed()
    {
        Assert.StartsWith("\0\0\b\a", await SayAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), StringComparison.Ordinal);
        await Server.AuditedAsync("protocol_violation", "");
    }

    [Fact]
    public async Task Request_ThatStopsInItsHeaders_EndsAtTheDeadline()
    {
        Assert.StartsWith("HTTP/1.1 408 ", await SayAsync("GET / HTTP/1.1\r\nHost: x\r\nSlow"), StringComparison.Ordinal);
        await Server.AuditedAsync("deadline_expired", "");
    }

    [Fact]
    public async Task Requests_InOneGo_AreAnsweredInTheirOrder()
    {
        string answer = await SayAsync(Ok + "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + "DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.Equal(3, answer.Split("HTTP/1.1 ").Length - 1);
        Assert.Contains("ok\n", answer, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 405 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_OfMoreBytesThanOneMaySend_AreAllAnswered()
    {
        const int Requests = 100;
        string request = "GET /healthz HTTP/1.1\r\nHost: x\r\nPadding: " + new string('a', 1024) + "\r\n";
        string answer = await SayAsync(string.Concat(Enumerable.Repeat(request + "\r\n", Requests)) + request + "Connection: close\r\n\r\n");
        Assert.Equal(Requests + 1, answer.Split("ok\n").Length - 1);
    }

    [Fact]
    public async Task Request_BeforeAModelIsJudged_SaysSo()
    {
        string answer = await SayAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.Contains("accuracy  not judged yet\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_BeyondTheLimit_AreClosedAndTheGrpcPortStays()
    {
        await using var first = await RawConnection.ConnectAsync(Pages, reads: false);
        await using var second = await RawConnection.ConnectAsync(Pages, reads: false);
        await using var third = await RawConnection.ConnectAsync(Pages, reads: false);
        Assert.Empty(await SayAsync(Ok));
        await Server.AuditedAsync("limit_reached", "3 from one address are connected");
        await Alice.AssertServedAsync();
    }

    [Fact]
    public async Task Connection_ThatAsksNothing_EndsAtTheDeadline()
    {
        await using var idle = await RawConnection.ConnectAsync(Pages, reads: false);
        var ending = idle.TextAsync();
        while (!ending.IsCompleted)
        {
            // The server says nothing when it takes a connection: time passes until it has, and the deadline after.
            Clock.Advance(Limits.JoinDeadline);
            await Task.Yield();
        }

        Assert.Empty(await ending);
        await Server.AuditedAsync("deadline_expired", "no request within 60 s");
    }

    private async Task<string> SayAsync(string text)
    {
        await using var connection = await RawConnection.ConnectAsync(Pages, reads: false);
        await connection.SayAsync(Encoding.Latin1.GetBytes(text));
        return await connection.TextAsync();
    }
}
