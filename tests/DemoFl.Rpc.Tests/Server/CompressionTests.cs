using System.IO.Compression;
using DemoFl.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace DemoFl.Rpc.Tests.Server;

/// <summary>A server that takes and sends gzip, message by message.</summary>
public sealed class CompressionTests : IAsyncLifetime
{
    private const string RequestedEncoding = "grpc-internal-encoding-request";
    private const string Say = "/demofl.rpc.tests.Echo/Say";
    private const int Limit = 100_000;

    private static readonly EchoMessage Long = new() { Text = new string('x', 10_000) };

    private EchoHost _host = null!;

    public async Task InitializeAsync() => _host = await EchoHost.StartAsync(tls: false, options =>
    {
        options.MaxReceiveMessageSize = Limit;
        options.ResponseCompressionAlgorithm = "gzip";
        options.ResponseCompressionLevel = CompressionLevel.SmallestSize;
    });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Request_Compressed_IsRead()
    {
        var (status, body, _) = await SendAsync(Gzip(Long.ToByteArray()), encoding: "gzip", accepts: null);

        Assert.Equal("0", status);
        Assert.Equal(0, body[0]);
        Assert.Equal(Long, EchoMessage.Parser.ParseFrom(body, 5, body.Length - 5));
    }

    [Fact]
    public async Task Request_PlainUnderAnEncoding_IsRead()
    {
        var payload = Long.ToByteArray();

        var (status, _, _) = await SendAsync(RawRequests.Frame(0, payload.Length, payload), encoding: "gzip", accepts: null);

        Assert.Equal("0", status);
    }

    [Theory]
    [InlineData(Limit, "0")]
    [InlineData(Limit + 1, "8")]
    [InlineData(50_000_000, "8")]
    public async Task Request_UnpackingToAnyLength_IsHeldToTheLimit(int length, string expected)
    {
        // Six bytes of tags and lengths frame the text.
        var payload = new EchoMessage { Text = new string('x', length - 4 - (length > 2_000_000 ? 1 : 0)) }.ToByteArray();
        Assert.Equal(length, payload.Length);

        var (status, _, _) = await SendAsync(Gzip(payload), encoding: "gzip", accepts: null);

        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task Request_NoGzip_IsInternal()
    {
        var (status, _, _) = await SendAsync(RawRequests.Frame(1, 3, [1, 2, 3]), encoding: "gzip", accepts: null);

        Assert.Equal("13", status);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData(null)]
    public async Task Request_CompressedWithoutAnEncoding_IsInternal(string? encoding)
    {
        var (status, _, _) = await SendAsync(Gzip(Long.ToByteArray()), encoding, accepts: null);

        Assert.Equal("13", status);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("identity, deflate,gzip")]
    public async Task Response_ToAClientThatAccepts_IsCompressed(string accepts)
    {
        var payload = Long.ToByteArray();

        var (status, body, encoding) = await SendAsync(RawRequests.Frame(0, payload.Length, payload), encoding: null, accepts);

        Assert.Equal("0", status);
        Assert.Equal("gzip", encoding);
        Assert.Equal(1, body[0]);
        Assert.True(body.Length < 1_000, $"{body.Length} bytes");
        using var gzip = new GZipStream(new MemoryStream(body, 5, body.Length - 5), CompressionMode.Decompress);
        Assert.Equal(Long, EchoMessage.Parser.ParseFrom(gzip));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("identity,deflate")]
    public async Task Response_ToAClientThatDoesNotAccept_IsPlain(string? accepts)
    {
        var payload = Long.ToByteArray();

        var (_, body, encoding) = await SendAsync(RawRequests.Frame(0, payload.Length, payload), encoding: null, accepts);

        Assert.Null(encoding);
        Assert.Equal(0, body[0]);
    }

    [Fact]
    public async Task Response_WithNoCompress_IsPlain()
    {
        _host.Echo.OnSay = (request, context) =>
        {
            context.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
            return Task.FromResult(request);
        };
        var payload = Long.ToByteArray();

        var (_, body, encoding) = await SendAsync(RawRequests.Frame(0, payload.Length, payload), encoding: null, accepts: "gzip");

        Assert.Equal("gzip", encoding);
        Assert.Equal(0, body[0]);
        Assert.Equal(payload, body[5..]);
    }

    [Theory]
    [InlineData("identity", "gzip", null, 0)]
    [InlineData("gzip", "gzip", "gzip", 1)]
    [InlineData("gzip", null, null, 0)]
    public async Task Response_InTheEncodingThatTheHandlerAsksFor_IsTheClientsToRefuse(
        string asked, string? accepts, string? expected, byte flag)
    {
        _host.Echo.OnSay = async (request, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { RequestedEncoding, asked }, { "early", "1" } });
            return request;
        };
        var payload = Long.ToByteArray();

        var (status, body, encoding) = await SendAsync(RawRequests.Frame(0, payload.Length, payload), encoding: null, accepts);

        Assert.Equal(("0", expected, flag), (status, encoding, body[0]));
    }

    [Fact]
    public async Task Response_InAnUnknownEncoding_IsTheHandlersMistake()
    {
        Exception? mistake = null;
        _host.Echo.OnSay = async (request, context) =>
        {
            mistake = await Record.ExceptionAsync(() => context.WriteResponseHeadersAsync(new Metadata { { RequestedEncoding, "zstd" } }));
            return request;
        };

        Assert.Equal(Long, await _host.Client.SayAsync(Long));
        Assert.Contains("zstd", Assert.IsType<InvalidOperationException>(mistake).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllKinds_CompressedBothWays_ArriveIntact()
    {
        var headers = new Metadata { { "grpc-internal-encoding-request", "gzip" } };

        Assert.Equal(Long, await _host.Client.SayAsync(Long, headers));
        Assert.Equal(new EchoMessage(), await _host.Client.SayAsync(new EchoMessage(), headers));
        using var collect = _host.Client.Collect(headers);
        await collect.RequestStream.WriteAsync(Long);
        await collect.RequestStream.CompleteAsync();
        Assert.Equal(Long.Text, (await collect).Text);
        using var repeat = _host.Client.Repeat(new EchoMessage { Text = Long.Text, Count = 3 }, headers);
        await foreach (var message in repeat.ResponseStream.ReadAllAsync())
            Assert.Equal(Long.Text, message.Text);
        Assert.Equal(StatusCode.OK, repeat.GetStatus().StatusCode);
        using var chat = _host.Client.Chat(headers);
        for (var i = 0; i < 3; i++)
        {
            // The second message goes out plain: the flag is each message's own.
            chat.RequestStream.WriteOptions = i == 1 ? new WriteOptions(WriteFlags.NoCompress) : null;
            await chat.RequestStream.WriteAsync(Long);
            Assert.True(await chat.ResponseStream.MoveNext());
            Assert.Equal(Long, chat.ResponseStream.Current);
        }

        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext());
    }

    [Fact]
    public void Algorithm_Unknown_IsRefusedWhenAServiceIsMapped()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddGrpc(options => options.ResponseCompressionAlgorithm = "zstd");
        using var app = (IDisposable)builder.Build();

        var refusal = Assert.Throws<InvalidOperationException>(() => ((WebApplication)app).MapGrpcService<ScriptedEcho>());

        Assert.Contains("zstd", refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] Gzip(byte[] payload)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            gzip.Write(payload);
        return RawRequests.Frame(1, compressed.ToArray().Length, compressed.ToArray());
    }

    private async Task<(string Status, byte[] Body, string? Encoding)> SendAsync(byte[] frame, string? encoding, string? accepts)
    {
        using var request = RawRequests.Body(_host.Address, Say, frame);
        if (encoding is not null) request.Headers.Add("grpc-encoding", encoding);
        if (accepts is not null) request.Headers.TryAddWithoutValidation("grpc-accept-encoding", accepts);
        using var response = await _host.SendAsync(request);
        Assert.Equal("identity,gzip", Assert.Single(response.Headers.GetValues("grpc-accept-encoding")));
        var source = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        return (
            Assert.Single(source.GetValues("grpc-status")),
            await response.Content.ReadAsByteArrayAsync(),
            response.Headers.TryGetValues("grpc-encoding", out var values) ? values.Single() : null);
    }
}
