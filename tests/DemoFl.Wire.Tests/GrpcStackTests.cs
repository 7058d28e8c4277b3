using System.Net;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DemoFl.Wire.Tests;

/// <summary>Both ends hold messages to the limit, whichever gRPC it is, and whatever they unpack to.</summary>
public sealed class GrpcStackTests
{
    private static readonly Metadata Packed = new() { { "grpc-internal-encoding-request", "gzip" } };

    [Theory]
    [InlineData(1000, StatusCode.OK)]
    [InlineData(-1000, StatusCode.OK)]
    [InlineData(WireLimits.MaxMessageBytes, StatusCode.ResourceExhausted)]
    [InlineData(4 * WireLimits.MaxMessageBytes, StatusCode.ResourceExhausted)]
    public async Task Server_RequestUnpackingToAnyLength_IsHeldToTheLimit(int length, StatusCode expected)
    {
        await using var server = await StartAsync(GrpcStack.Configure);
        using var channel = GrpcChannel.ForAddress(server.Urls.Single());
        var request = new HealthCheckRequest { Service = new string('a', LengthOf(length)) };

        Assert.Equal(expected, await StatusOfAsync(channel, request));
    }

    [Theory]
    [InlineData(1000, StatusCode.OK)]
    [InlineData(-1000, StatusCode.OK)]
    [InlineData(WireLimits.MaxMessageBytes, StatusCode.ResourceExhausted)]
    [InlineData(4 * WireLimits.MaxMessageBytes, StatusCode.ResourceExhausted)]
    public async Task Channel_ResponseUnpackingToAnyLength_IsHeldToTheLimit(int length, StatusCode expected)
    {
        await using var server = await StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        var options = new GrpcChannelOptions();
        GrpcStack.Configure(options);
        using var channel = GrpcChannel.ForAddress(server.Urls.Single(), options);
        var request = new HealthCheckRequest { Service = LengthOf(length).ToString(System.Globalization.CultureInfo.InvariantCulture) };

        Assert.Equal(expected, await StatusOfAsync(channel, request));
    }

    /// <summary>Negative: so much below the limit.</summary>
    private static int LengthOf(int length) => length < 0 ? WireLimits.MaxMessageBytes + length : length;

    private static async Task<StatusCode> StatusOfAsync(GrpcChannel channel, HealthCheckRequest request)
    {
        try
        {
            await new Health.HealthClient(channel).CheckAsync(request, Packed);
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    private static async Task<WebApplication> StartAsync(Action<GrpcServiceOptions> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(configure);
        var app = builder.Build();
        app.MapGrpcService<WideHealth>();
        await app.StartAsync();
        return app;
    }

    /// <summary>Answers with a message of as many bytes as the service's name says, if it is a number.</summary>
    private sealed class WideHealth : Health.HealthBase
    {
        public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
        {
            int length = int.TryParse(request.Service, out int number) ? number : 0;

            // A field that the message does not know is kept and sent on.
            byte[] field = new HealthCheckRequest { Service = new string('a', length) }.ToByteArray();
            const byte FieldFifteen = (15 << 3) | (int)WireFormat.WireType.LengthDelimited;
            if (field.Length > 0) field[0] = FieldFifteen;
            return Task.FromResult(HealthCheckResponse.Parser.ParseFrom(field));
        }
    }
}
