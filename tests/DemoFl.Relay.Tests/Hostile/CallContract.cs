using System.Net;
using System.Net.Http.Headers;
using DemoFl.Relay.Tests.Fixtures;
using Grpc.Core;
using static DemoFl.Relay.Tests.Hostile.Http2Frame;

namespace DemoFl.Relay.Tests.Hostile;

/// <summary>Requests that are HTTP/2 and no gRPC, or gRPC and not what the method takes: a status and a line each.</summary>
public abstract class CallContract(bool useTls) : HostileContract(useTls)
{
    private const string GetStatus = "/demofl.v1.Coordinator/GetStatus";
    private const string Attend = "/demofl.v1.Coordinator/Attend";

    public static TheoryData<string, string, byte[], StatusCode, string> BadBodies => new()
    {
        { "length 2^32-1", GetStatus, [0, 255, 255, 255, 255, 1], StatusCode.ResourceExhausted, "limit_reached" },
        { "length above the limit", GetStatus, [0, 0, 32, 0, 1, 1], StatusCode.ResourceExhausted, "limit_reached" },
        { "flag 2", GetStatus, [2, 0, 0, 0, 0], StatusCode.Internal, "protocol_violation" },
        { "compressed without an encoding", GetStatus, [1, 0, 0, 0, 0], StatusCode.Internal, "protocol_violation" },
        { "truncated prefix", GetStatus, [0, 0, 0], StatusCode.Internal, "protocol_violation" },
        { "truncated message", GetStatus, [0, 0, 0, 0, 9, 1], StatusCode.Internal, "protocol_violation" },
        { "no message", GetStatus, [], StatusCode.Internal, "protocol_violation" },
        { "bytes after the message", GetStatus, [0, 0, 0, 0, 0, 7], StatusCode.Internal, "protocol_violation" },
        { "two messages", GetStatus, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], StatusCode.Internal, "protocol_violation" },
        { "no protobuf", GetStatus, [0, 0, 0, 0, 2, 255, 255], StatusCode.Internal, "protocol_violation" },
        { "stream of nothing", Attend, [], StatusCode.InvalidArgument, "join_refused" },
        { "stream of a lie", Attend, [0, 127, 255, 255, 255, 1], StatusCode.ResourceExhausted, "join_refused" },
        { "stream that is cut", Attend, [0, 0, 0, 0, 9, 1], StatusCode.Internal, "join_refused" },
        { "vector of nobody", "/demofl.v1.Coordinator/SubmitVector", [0, 0, 0, 0, 0], StatusCode.Unauthenticated, "message_refused" },
        { "heartbeat of nobody", "/demofl.v1.Coordinator/Heartbeat", [0, 0, 0, 0, 0], StatusCode.Unauthenticated, "message_refused" },
        { "link of nobody", "/demofl.v1.Relay/Link", [0, 0, 0, 0, 0], StatusCode.Unauthenticated, "message_refused" },
        { "unknown method", "/demofl.v1.Coordinator/Nothing", [0, 0, 0, 0, 0], StatusCode.Unimplemented, "protocol_violation" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task Call_WithABodyThatIsWrong_GetsAStatusAndALine(string name, string path, byte[] body, StatusCode status, string kind)
    {
        using var http = Client();
        using var response = await http.SendAsync(Request(path, body));
        await response.Content.ReadAsByteArrayAsync();
        Assert.True(StatusOf(response) == status, $"{name} got {StatusOf(response)}, not {status}");
        var line = await Server.AuditedAsync(kind, "");
        Assert.Equal(path, line.GetProperty("what").GetString());
        Assert.StartsWith("ipv4:127.0.0.1:", line.GetProperty("peer").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_OfAnotherContentType_IsRefusedWithALine()
    {
        using var http = Client();
        var request = Request(GetStatus, [0, 0, 0, 0, 0]);
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        await Server.AuditedAsync("protocol_violation", "'application/json'");
    }

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(200, 10)]
    public async Task Call_WithTooMuchMetadata_EndsItsConnectionWithALine(int headers, int length)
    {
        // Not by HttpClient: once it has the server's limit, it refuses such a request itself.
        (string, string)[] metadata = [.. Enumerable.Range(0, headers).Select(i => ($"x-{i}", new string('v', length)))];
        byte[][] parts = [.. CallHeaders(Address.Scheme, GetStatus, metadata).Chunk(16_000)];
        await using var connection = await RawConnection.GreetAsync(Address);
        for (int i = 0; i < parts.Length; i++)
        {
            await connection.SayAsync(Of(i == 0 ? Headers : Continuation, i == parts.Length - 1 ? EndHeaders : (byte)0, 1, parts[i]));
        }

        Assert.NotNull(await connection.EndingAsync());
        await Server.AuditedAsync("protocol_violation", "");
    }

    [Fact]
    public async Task Call_WhosePathIsHostile_IsOneLineAllTheSame()
    {
        using var http = Client();
        using var response = await http.SendAsync(Request("/a%0d%0a%7b%22kind%22%3a1%7d/" + new string('b', 2000), [0, 0, 0, 0, 0]));
        Assert.Equal(StatusCode.Unimplemented, StatusOf(response));
        var line = await Server.AuditedAsync("protocol_violation", "The method ");
        Assert.Equal(256, line.GetProperty("what").GetString()!.Length);
    }

    private static StatusCode StatusOf(HttpResponseMessage response)
    {
        var from = response.TrailingHeaders.TryGetValues("grpc-status", out var values) ? values : response.Headers.GetValues("grpc-status");
        return (StatusCode)int.Parse(from.Single(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static HttpClient Client() => new(TestTls.Handler(), disposeHandler: true);

    private HttpRequestMessage Request(string path, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, path))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        return request;
    }
}
