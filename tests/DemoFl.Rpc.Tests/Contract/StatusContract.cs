using DemoFl.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;

namespace DemoFl.Rpc.Tests.Contract;

/// <summary>What every transport must do: statuses, headers, trailers and limits.</summary>
public abstract class StatusContract(bool tls) : IAsyncLifetime
{
    private EchoHost _host = null!;

    public async Task InitializeAsync() => _host = await EchoHost.StartAsync(tls, options => options.MaxReceiveMessageSize = 100_000);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("plain")]
    [InlineData("100 % of größe\r\n\t\"x\" 日本 🎲")]
    [InlineData("")]
    public async Task HandlerRefuses_WithAnyText_TextArrives(string detail)
    {
        _host.Echo.OnSay = (_, _) => throw new RpcException(new Status(StatusCode.FailedPrecondition, detail));

        var refusal = await Assert.ThrowsAsync<RpcException>(() => _host.Client.SayAsync(new EchoMessage()).ResponseAsync);

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Equal(detail, refusal.Status.Detail);
    }

    [Fact]
    public async Task HandlerRefuses_WithTrailers_TrailersArrive()
    {
        _host.Echo.OnSay = (_, _) => throw new RpcException(
            new Status(StatusCode.Aborted, "no"), new Metadata { { "why", "because" }, { "raw-bin", [0, 255, 1] } });

        using var call = _host.Client.SayAsync(new EchoMessage());
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal("because", refusal.Trailers.GetValue("why"));
        Assert.Equal([0, 255, 1], call.GetTrailers().GetValueBytes("raw-bin"));
    }

    [Fact]
    public async Task HandlerThrows_AnythingElse_IsUnknownWithoutDetailsAndLogged()
    {
        _host.Echo.OnSay = (_, _) => throw new InvalidOperationException("secret");

        var refusal = await Assert.ThrowsAsync<RpcException>(() => _host.Client.SayAsync(new EchoMessage()).ResponseAsync);

        Assert.Equal(StatusCode.Unknown, refusal.StatusCode);
        Assert.Equal("Exception was thrown by handler.", refusal.Status.Detail);
        Assert.Contains("secret", Assert.Single(_host.TakeErrors()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HandlerRefuses_AfterMessages_MessagesArriveFirst()
    {
        _host.Echo.OnRepeat = async (_, responses, _) =>
        {
            await responses.WriteAsync(new EchoMessage { Count = 1 });
            throw new RpcException(new Status(StatusCode.DataLoss, "after one"));
        };

        using var call = _host.Client.Repeat(new EchoMessage());

        Assert.True(await call.ResponseStream.MoveNext());
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal("after one", refusal.Status.Detail);
        Assert.Equal(StatusCode.DataLoss, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task HandlerSetsStatus_AndReturns_StatusArrives()
    {
        _host.Echo.OnCollect = (_, context) =>
        {
            context.Status = new Status(StatusCode.OutOfRange, "far");
            return Task.FromResult(new EchoMessage());
        };

        using var call = _host.Client.Collect();
        await call.RequestStream.CompleteAsync();

        Assert.Equal(StatusCode.OutOfRange, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task Metadata_BothWays_TextAndBytes()
    {
        Metadata? seen = null;
        _host.Echo.OnSay = async (request, context) =>
        {
            seen = context.RequestHeaders;
            await context.WriteResponseHeadersAsync(new Metadata { { "early", "1" }, { "bytes-bin", [1, 2] } });
            context.ResponseTrailers.Add("late", "2");
            context.ResponseTrailers.Add("late", "3");
            return request;
        };

        using var call = _host.Client.SayAsync(new EchoMessage(), new Metadata { { "To-Server", "hello" }, { "to-server-bin", [200, 0] } });
        var headers = await call.ResponseHeadersAsync;
        await call;

        Assert.Equal("hello", seen!.GetValue("to-server"));
        Assert.Equal([200, 0], seen!.GetValueBytes("to-server-bin"));
        Assert.DoesNotContain(seen!, entry => entry.Key is "te" or "grpc-timeout" or "content-type");
        Assert.Equal("1", headers.GetValue("early"));
        Assert.Equal([1, 2], headers.GetValueBytes("bytes-bin"));
        Assert.Equal(["2", "3"], call.GetTrailers().GetAll("late").Select(entry => entry.Value));
    }

    [Fact]
    public async Task Headers_OfAStream_ArriveBeforeItsFirstMessage()
    {
        var release = new TaskCompletionSource();
        _host.Echo.OnRepeat = async (_, _, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "early", "1" } });
            await release.Task;
        };

        using var call = _host.Client.Repeat(new EchoMessage());
        var headers = await call.ResponseHeadersAsync;
        release.SetResult();

        Assert.Equal("1", headers.GetValue("early"));
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Context_OfACall_KnowsMethodHostPeerAndDeadline()
    {
        var seen = new TaskCompletionSource<(string Method, string Host, string Peer, DateTime Deadline)>();
        _host.Echo.OnSay = (request, context) =>
        {
            seen.SetResult((context.Method, context.Host, context.Peer, context.Deadline));
            return Task.FromResult(request);
        };
        var deadline = DateTime.UtcNow.AddMinutes(5);

        await _host.Client.SayAsync(new EchoMessage(), deadline: deadline);

        var (method, host, peer, serverDeadline) = await seen.Task;
        Assert.Equal("/demofl.rpc.tests.Echo/Say", method);
        Assert.Equal(_host.Address.Authority, host);
        Assert.StartsWith("ipv4:127.0.0.1:", peer, StringComparison.Ordinal);
        Assert.InRange(serverDeadline, deadline.AddMinutes(-1), deadline.AddMinutes(1));
    }

    [Fact]
    public async Task WithHost_AnotherAuthority_ReachesTheServer()
    {
        string? host = null;
        _host.Echo.OnSay = (request, context) =>
        {
            host = context.Host;
            return Task.FromResult(request);
        };

        await _host.Client.WithHost("other.test").SayAsync(new EchoMessage());

        Assert.Equal("other.test", host);
    }

    [Fact]
    public async Task AuthContext_ClientCertificate_GivesTheIdentity()
    {
        AuthContext? seen = null;
        _host.Echo.OnSay = (request, context) =>
        {
            seen = context.AuthContext;
            return Task.FromResult(request);
        };

        await _host.Client.SayAsync(new EchoMessage());

        Assert.Equal(tls, seen!.IsPeerAuthenticated);
        Assert.Equal(tls ? ["echo.test"] : [], seen!.PeerIdentity.Select(property => property.Value));
    }

    [Fact]
    public async Task Method_NotOverridden_IsUnimplemented()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(() => _host.Client.UnwrittenAsync(new EchoMessage()).ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
    }

    [Theory]
    [InlineData("demofl.rpc.tests.Echo", "Missing")]
    [InlineData("missing.Service", "Say")]
    public async Task Method_NotMapped_IsUnimplemented(string service, string name)
    {
        var marshaller = Marshallers.StringMarshaller;
        var method = new Method<string, string>(MethodType.Unary, service, name, marshaller, marshaller);
        using var call = _host.OpenChannel().CreateCallInvoker().AsyncUnaryCall(method, null, default, "");

        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
    }

    [Fact]
    public async Task Request_LongerThanTheServersLimit_IsResourceExhausted()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => _host.Client.SayAsync(new EchoMessage { Body = ByteString.CopyFrom(new byte[100_001]) }).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task Request_LongerThanTheClientsLimit_IsNotSent()
    {
        var client = new Echo.EchoClient(_host.OpenChannel(options => options.MaxSendMessageSize = 10));
        _host.Echo.OnSay = (_, _) => throw new InvalidOperationException("must not be called");

        var refusal = await Assert.ThrowsAsync<RpcException>(() => client.SayAsync(new EchoMessage { Text = new string('x', 11) }).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Equal("Sending message exceeds the maximum configured message size.", refusal.Status.Detail);
    }

    [Fact]
    public async Task Response_LongerThanTheClientsLimit_IsResourceExhausted()
    {
        var client = new Echo.EchoClient(_host.OpenChannel(options => options.MaxReceiveMessageSize = 1_000));
        _host.Echo.OnSay = (_, _) => Task.FromResult(new EchoMessage { Body = ByteString.CopyFrom(new byte[1_001]) });

        var refusal = await Assert.ThrowsAsync<RpcException>(() => client.SayAsync(new EchoMessage()).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task Health_CheckAndWatch_FollowTheState()
    {
        _host.Health.SetStatus("svc", HealthCheckResponse.Types.ServingStatus.Serving);
        var client = new Health.HealthClient(_host.OpenChannel());
        var request = new HealthCheckRequest { Service = "svc" };

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await client.CheckAsync(request)).Status);
        using (var watch = client.Watch(request))
        {
            Assert.True(await watch.ResponseStream.MoveNext());
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, watch.ResponseStream.Current.Status);
            _host.Health.SetStatus("svc", HealthCheckResponse.Types.ServingStatus.NotServing);
            Assert.True(await watch.ResponseStream.MoveNext());
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, watch.ResponseStream.Current.Status);
            _host.Health.ClearAll();
            Assert.True(await watch.ResponseStream.MoveNext());
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.ServiceUnknown, watch.ResponseStream.Current.Status);
        }

        var unknown = await Assert.ThrowsAsync<RpcException>(() => client.CheckAsync(request).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
    }
}
