using DemoFl.Protocol;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Relay.Tests.Vectors;

/// <summary>Vectors over real gRPC, into a plain round of two parties that never closes by itself.</summary>
public sealed class VectorTransferTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _update = Some.Floats(1, 2, 3, 4, 5, 6, 7, 8);
    private TestServer _server = null!;
    private ScriptedNode _alice = null!;
    private ScriptedNode _bob = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(_folder.File("run"), Some.Job());
        (_alice, _bob) = (await _server.JoinAsync("alice"), await _server.JoinAsync("bob"));
        await _alice.ExpectAsync(f => f.RoundOpened);
        await _bob.ExpectAsync(f => f.RoundOpened);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SubmitVector_AfterABrokenStream_GoesOnWhereItBroke()
    {
        var receipt = await _alice.SubmitAsync(Header(), _update, until: 12);
        Assert.Equal(12u, receipt.ReceivedBytes);
        Assert.Equal(12u, (await _alice.Coordinator.VectorStateAsync(Header().Key, _alice.Call)).ReceivedBytes);
        await RefusedAsync(StatusCode.InvalidArgument, "12 bytes are here", _alice.SubmitAsync(Header(), _update, offset: 8));
        await RefusedAsync(StatusCode.InvalidArgument, "12 bytes are here", _alice.SubmitAsync(Header(), _update));

        Assert.Equal(32u, (await _alice.SubmitAsync(Header(), _update, offset: 12)).ReceivedBytes);
        Assert.Equal(32u, (await _alice.SubmitAsync(Header(), _update, offset: 32)).ReceivedBytes);
        await _bob.SubmitAsync(Header(1), _update);
        Assert.Equal(2, (await _server.Observer.NextAsync<CoordinatorEvent.Committed>()).Intersection);
    }

    [Fact]
    public async Task SubmitVector_OnTwoStreamsAtOnce_RefusesTheSecond()
    {
        using var first = _alice.Coordinator.SubmitVector(_alice.Call);
        await first.RequestStream.WriteAsync(new VectorFrame { Header = Header() });
        await first.RequestStream.WriteAsync(new VectorFrame { Piece = ByteString.CopyFrom(_update.AsSpan(0, 4)) });
        while ((await _alice.Coordinator.VectorStateAsync(Header().Key, _alice.Call)).ReceivedBytes == 0)
        {
        }

        await RefusedAsync(StatusCode.FailedPrecondition, "Another stream", _alice.SubmitAsync(Header(), _update, offset: 4));
        await first.RequestStream.WriteAsync(new VectorFrame { Piece = ByteString.CopyFrom(_update.AsSpan(4)) });
        await first.RequestStream.CompleteAsync();
        Assert.Equal(32u, (await first.ResponseAsync).ReceivedBytes);
    }

    [Fact]
    public async Task SubmitVector_ThatBeginsWithoutAHeaderOrIsTooLong_IsRefused()
    {
        using var headless = _alice.Coordinator.SubmitVector(_alice.Call);
        await headless.RequestStream.WriteAsync(new VectorFrame { Piece = ByteString.CopyFrom(1) });
        await RefusedAsync(StatusCode.InvalidArgument, "header", headless.ResponseAsync);
        using var late = _alice.Coordinator.SubmitVector(_alice.Call);
        await late.RequestStream.WriteAsync(new VectorFrame { Header = Header() });
        await late.RequestStream.WriteAsync(new VectorFrame { Header = Header() });
        await RefusedAsync(StatusCode.InvalidArgument, "piece of 0 bytes", late.ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "does not fit", _alice.SubmitAsync(Header(), new byte[33]));
    }

    [Fact]
    public async Task SubmitVector_OutOfPlace_IsRefusedAsAPrecondition()
    {
        await RefusedAsync(StatusCode.FailedPrecondition, "not open", _alice.SubmitAsync(Some.Header(32, kind: VectorKind.Plain, round: 9), _update));
        await RefusedAsync(StatusCode.FailedPrecondition, "no Sum vector", _alice.SubmitAsync(Some.Header(32, kind: VectorKind.Sum), _update));
        var carol = await _server.JoinAsync("carol");
        await RefusedAsync(StatusCode.FailedPrecondition, "no Plain vector", carol.SubmitAsync(Header(), _update));
    }

    [Fact]
    public async Task Calls_WithoutASession_AreRefused()
    {
        var stranger = new Coordinator.CoordinatorClient(_server.Connect());
        await RefusedAsync(StatusCode.Unauthenticated, "join", stranger.VectorStateAsync(Header().Key).ResponseAsync);
        using var fetch = stranger.FetchModel(new ModelRequest { Round = 1 });
        await RefusedAsync(StatusCode.Unauthenticated, "join", fetch.ResponseStream.MoveNext(default));
        using var submit = stranger.SubmitVector();
        await RefusedAsync(StatusCode.Unauthenticated, "join", submit.ResponseAsync);
    }

    [Fact]
    public async Task FetchModel_OfTheOpenRound_GivesTheModelThatTheSpecNames()
    {
        using var call = _alice.Coordinator.FetchModel(new ModelRequest { Round = 1 }, _alice.Call);
        var bytes = new List<byte>();
        Assert.True(await call.ResponseStream.MoveNext(default));
        Assert.Equal(32u, call.ResponseStream.Current.Header.ByteLength);
        while (await call.ResponseStream.MoveNext(default))
        {
            bytes.AddRange(call.ResponseStream.Current.Piece);
        }

        Assert.Equal(Some.Floats(Some.Model.Initialise(5)), bytes);
        using var other = _alice.Coordinator.FetchModel(new ModelRequest { Round = 2 }, _alice.Call);
        await RefusedAsync(StatusCode.FailedPrecondition, "not open", other.ResponseStream.MoveNext(default));
    }

    private static VectorHeader Header(int node = 0) => Some.Header(32, node, VectorKind.Plain, lanes: Some.Lane(10));

    private static async Task RefusedAsync(StatusCode code, string why, Task call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.Equal((code, true), (refused.StatusCode, refused.Status.Detail.Contains(why, StringComparison.Ordinal)));
    }
}
