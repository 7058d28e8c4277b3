using System.IO.Compression;
using DemoFl.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;

namespace DemoFl.Rpc.Tests.Client;

/// <summary>A client that takes gzip, and sends it where the caller asks.</summary>
public sealed class CompressionTests
{
    private const string RequestedEncoding = "grpc-internal-encoding-request";

    private static readonly EchoMessage Long = new() { Text = new string('x', 10_000) };

    [Theory]
    [InlineData(null, WriteFlags.BufferHint, 0)]
    [InlineData("identity", WriteFlags.BufferHint, 0)]
    [InlineData("gzip", WriteFlags.BufferHint, 1)]
    [InlineData("gzip", WriteFlags.NoCompress, 0)]
    public async Task Request_ByMetadataAndFlags_IsCompressed(string? encoding, WriteFlags flags, byte expected)
    {
        var (body, sent) = (new MemoryStream(), new HeaderDictionary());
        await using var server = await RawServer.StartAsync(async http =>
        {
            foreach (var header in http.Request.Headers)
                sent[header.Key] = header.Value;
            await http.Request.Body.CopyToAsync(body);
            await RawServer.RespondAsync(http, [0, 0, 0, 0, 0], "0");
        });
        var headers = new Metadata();
        if (encoding is not null) headers.Add(RequestedEncoding, encoding);

        await server.Client.SayAsync(Long, new CallOptions(headers, writeOptions: new WriteOptions(flags)));

        Assert.Equal(expected, body.GetBuffer()[0]);
        Assert.Equal(expected == 1, body.Length < 1_000);
        Assert.Equal("identity,gzip", sent["grpc-accept-encoding"]);
        Assert.Equal(encoding == "gzip" ? "gzip" : null, (string?)sent["grpc-encoding"]);
        Assert.False(sent.ContainsKey(RequestedEncoding));
    }

    [Fact]
    public async Task Request_InAnUnknownEncoding_IsRefusedBeforeItIsSent()
    {
        await using var server = await RawServer.StartAsync(_ => throw new InvalidOperationException("must not be called"));

        Assert.Throws<InvalidOperationException>(() => server.Client.SayAsync(Long, new Metadata { { RequestedEncoding, "br" } }));
    }

    [Fact]
    public async Task Response_Compressed_IsRead()
    {
        await using var server = await RawServer.StartAsync(http => RespondAsync(http, "gzip", Gzip(Long.ToByteArray())));

        Assert.Equal(Long, await server.Client.SayAsync(new EchoMessage()));
    }

    [Fact]
    public async Task Response_CompressedNothing_IsAnEmptyMessage()
    {
        await using var server = await RawServer.StartAsync(http => RespondAsync(http, "gzip", []));

        Assert.Equal(new EchoMessage(), await server.Client.SayAsync(new EchoMessage()));
    }

    [Theory]
    [InlineData("gzip", 1_000_000, StatusCode.ResourceExhausted)]
    [InlineData("br", 10, StatusCode.Unimplemented)]
    [InlineData("identity", 10, StatusCode.Internal)]
    [InlineData(null, 10, StatusCode.Internal)]
    public async Task Response_CompressedAgainstTheRules_IsRefused(string? encoding, int length, StatusCode expected)
    {
        await using var server = await RawServer.StartAsync(
            http => RespondAsync(http, encoding, Gzip(new byte[length])), new GrpcChannelOptions { MaxReceiveMessageSize = 100_000 });

        var refusal = await Assert.ThrowsAsync<RpcException>(() => server.Client.SayAsync(new EchoMessage()).ResponseAsync);

        Assert.Equal(expected, refusal.StatusCode);
        if (expected == StatusCode.Unimplemented) Assert.Contains("identity,gzip", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)] // within the compressed bytes
    [InlineData(4)] // within the checksum and length at the end
    public async Task Response_CutOffWithinItsGzip_IsInternal(int missing)
    {
        var random = new byte[1_000];
        new Random(3).NextBytes(random);
        var whole = Gzip(new EchoMessage { Body = ByteString.CopyFrom(random) }.ToByteArray());
        await using var server = await RawServer.StartAsync(http => RespondAsync(http, "gzip", whole[..^missing]));

        var refusal = await Assert.ThrowsAsync<RpcException>(() => server.Client.SayAsync(new EchoMessage()).ResponseAsync);

        Assert.Equal(StatusCode.Internal, refusal.StatusCode);
    }

    private static Task RespondAsync(HttpContext http, string? encoding, byte[] compressed)
    {
        if (encoding is not null) http.Response.Headers["grpc-encoding"] = encoding;
        return RawServer.RespondAsync(http, RawRequests.Frame(1, compressed.Length, compressed), "0");
    }

    private static byte[] Gzip(byte[] payload)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            gzip.Write(payload);
        return compressed.ToArray();
    }
}
