using DemoFl.Identity;
using DemoFl.Protocol;
using DemoFl.Relay.Sessions;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace DemoFl.Relay.Tests.Sessions;

public sealed class JoinHandshakeTests : IDisposable
{
    private readonly IdentityKey _server = IdentityKey.Create();
    private readonly IdentityKey _alice = IdentityKey.Create();
    private readonly IdentityKey _bob = IdentityKey.Create();

    public void Dispose()
    {
        _server.Dispose();
        _alice.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public async Task AdmitAsync_WithAProof_GivesTheSessionOfTheProvenKey()
    {
        var session = await JoinAsync(Settings(), Request(_alice, "alice"), _alice);
        Assert.Equal(new NodeId(new Hash256(_alice.Id.Span)), session.Node);
        Assert.Equal(("alice", new Incarnation(7), true), (session.Credentials.Name, session.Incarnation, session.CanLead));
    }

    [Fact]
    public async Task AdmitAsync_OfAnotherVersion_IsRefused()
    {
        var request = Request(_alice, "alice");
        request.ProtocolVersion++;
        await RefusedAsync(StatusCode.FailedPrecondition, "VERSION_UNSUPPORTED", "same release", () => JoinAsync(Settings(), request, _alice));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Alice")]
    [InlineData("../alice")]
    [InlineData("-alice")]
    public async Task AdmitAsync_WithABadName_IsRefused(string name) =>
        await RefusedAsync(StatusCode.InvalidArgument, "NAME_INVALID", NodeName.Rule, () => JoinAsync(Settings(), Request(_alice, name), _alice));

    [Fact]
    public async Task AdmitAsync_WithAnotherKeysProof_IsRefused() =>
        await RefusedAsync(StatusCode.Unauthenticated, "PROOF_INVALID", "does not verify", () => JoinAsync(Settings(), Request(_alice, "alice"), _bob));

    [Fact]
    public async Task AdmitAsync_WithAProofOfOtherThings_IsRefused()
    {
        Func<JoinStatement, JoinStatement>[] changes =
        [
            s => s with { Challenge = default },
            s => s with { ChannelBinding = Hash256.Of([1]) },
            s => s with { Run = new RunId(1) },
            s => s with { Incarnation = new Incarnation(8) },
            s => s with { Node = Some.Node(1) },
        ];
        foreach (var change in changes)
        {
            await RefusedAsync(
                StatusCode.Unauthenticated, "PROOF_INVALID", "does not verify", () => JoinAsync(Settings(), Request(_alice, "alice"), _alice, change));
        }
    }

    [Fact]
    public async Task AdmitAsync_OfANodeNotInTheRoster_IsRefused()
    {
        var settings = Settings() with { Trust = new RosterTrust(Roster.Empty.With(new RosterEntry("alice", _alice.PublicKey))) };
        await RefusedAsync(StatusCode.PermissionDenied, "IDENTITY_REFUSED", "not in the roster", () => JoinAsync(settings, Request(_bob, "bob"), _bob));
        await RefusedAsync(StatusCode.PermissionDenied, "IDENTITY_REFUSED", "another key", () => JoinAsync(settings, Request(_bob, "alice"), _bob));
        await JoinAsync(settings, Request(_alice, "alice"), _alice);
    }

    [Fact]
    public async Task AdmitAsync_WithTokens_AdmitsEachForOneNode()
    {
        string token = JoinTokens.Generate();
        var settings = Settings() with { Tokens = JoinTokens.Parse(JoinTokens.HashOf(token)) };
        await RefusedAsync(StatusCode.PermissionDenied, "TOKEN_REFUSED", "token", () => JoinAsync(settings, Request(_alice, "alice"), _alice));
        await RefusedAsync(
            StatusCode.PermissionDenied, "TOKEN_REFUSED", "token", () => JoinAsync(settings, Request(_alice, "alice", JoinTokens.Generate()), _alice));
        await JoinAsync(settings, Request(_alice, "alice", token), _alice);
        await JoinAsync(settings, Request(_alice, "alice", token), _alice);
        await RefusedAsync(StatusCode.PermissionDenied, "TOKEN_REFUSED", "another node", () => JoinAsync(settings, Request(_bob, "bob", token), _bob));
    }

    [Fact]
    public async Task AdmitAsync_WithoutAProof_SpendsNoTokenAndPinsNoName()
    {
        string token = JoinTokens.Generate();
        var settings = Settings() with { Tokens = JoinTokens.Parse(JoinTokens.HashOf(token)) };
        await RefusedAsync(StatusCode.Unauthenticated, "PROOF_INVALID", "", () => JoinAsync(settings, Request(_alice, "alice", token), _bob));

        Assert.Empty(((FirstUseTrust)settings.Trust).Pins.Entries);
        await JoinAsync(settings, Request(_bob, "alice", token), _bob);
    }

    [Fact]
    public async Task AdmitAsync_OfAMalformedRequest_SaysWhichField()
    {
        var requests = new (JoinRequest Request, string Field)[]
        {
            (new JoinRequest { ProtocolVersion = JoinStatement.CurrentVersion }, "credentials"),
            (Changed(r => r.Incarnation = ByteString.CopyFrom(1)), "incarnation"),
            (Changed(r => r.Credentials.PublicKey = ByteString.CopyFrom(new byte[WireLimits.MaxCredentialBytes + 1])), "public_key"),
        };
        foreach (var (request, field) in requests)
        {
            var refused = await Assert.ThrowsAsync<WireFormatException>(() => JoinAsync(Settings(), request, _alice));
            Assert.Contains(field, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AdmitAsync_OfAStreamThatBeginsOtherwise_IsRefused()
    {
        await RefusedAsync(StatusCode.InvalidArgument, "OUT_OF_ORDER", "begin with a join request", () => AdmitAsync(frames => frames.End()));
        await RefusedAsync(
            StatusCode.InvalidArgument, "OUT_OF_ORDER", "begin with a join request", () => AdmitAsync(frames => frames.Send(new NodeFrame { Proof = new JoinProof() })));
        await RefusedAsync(StatusCode.InvalidArgument, "OUT_OF_ORDER", "begin with a proof", () => AdmitAsync(frames =>
        {
            frames.Send(new NodeFrame { Join = Request(_alice, "alice") });
            frames.Send(new NodeFrame { Join = Request(_alice, "alice") });
        }));
    }

    [Fact]
    public async Task AdmitAsync_OfANodeThatGoesAway_IsCancelled()
    {
        using var gone = new CancellationTokenSource();
        var joining = Handshake(Settings()).AdmitAsync(new FakeRequests<NodeFrame>(), new FakeResponses<ServerFrame>(), _ => { }, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joining);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AdmitAsync_OfANodeThatSaysNothingMore_IsGivenUpAtTheDeadline(bool afterTheChallenge)
    {
        var clock = new ManualClock();
        var (frames, answers) = (new FakeRequests<NodeFrame>(), new FakeResponses<ServerFrame>());
        var joining = new JoinHandshake(Settings(), Some.Run, clock).AdmitAsync(frames, answers, _ => { }, CancellationToken.None);
        if (afterTheChallenge)
        {
            frames.Send(new NodeFrame { Join = Request(_alice, "alice") });
            await answers.Frames.ReadAsync();
        }

        clock.Advance(JoinHandshake.Deadline - TimeSpan.FromTicks(1));
        Assert.False(joining.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));

        var late = await Assert.ThrowsAsync<RpcException>(() => joining);
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        Assert.Equal("PROOF_LATE", late.GetRpcStatus()!.Details.Single().Unpack<ErrorInfo>().Reason);
    }

    [Fact]
    public async Task AdmitAsync_WhoseGivingUpCancelsTheCall_SaysThatTheProofIsLate()
    {
        // Giving a read up resets the stream, and that cancels the call's own token.
        var clock = new ManualClock();
        using var call = new CancellationTokenSource();
        var joining = new JoinHandshake(Settings(), Some.Run, clock).AdmitAsync(new ResetRequests(call), new FakeResponses<ServerFrame>(), _ => { }, call.Token);
        clock.Advance(JoinHandshake.Deadline);
        await RefusedAsync(StatusCode.DeadlineExceeded, "PROOF_LATE", "no proof within 15 s", () => joining);
    }

    private static JoinRequest Request(IdentityKey key, string name, string token = "") => new()
    {
        ProtocolVersion = JoinStatement.CurrentVersion, Incarnation = Field.Of(new Incarnation(7)), CanLead = true, Token = token,
        Credentials = Records.ToWire(new Credentials(name, key.PublicKey, default)),
    };

    private static JoinHandshake Handshake(ServerSettings settings) => new(settings, Some.Run, new ManualClock());

    private static async Task RefusedAsync(StatusCode code, string cause, string why, Func<Task> join)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(join);
        Assert.Equal(code, refused.StatusCode);
        Assert.Equal(cause, refused.GetRpcStatus()!.Details.Single().Unpack<ErrorInfo>().Reason);
        Assert.StartsWith("Not admitted: ", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(why, refused.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task<Session> JoinAsync(
        ServerSettings settings, JoinRequest request, IdentityKey prover, Func<JoinStatement, JoinStatement>? change = null)
    {
        var (frames, answers) = (new FakeRequests<NodeFrame>(), new FakeResponses<ServerFrame>());
        frames.Send(new NodeFrame { Join = request });
        var joining = Handshake(settings).AdmitAsync(frames, answers, _ => { }, CancellationToken.None);
        if (await Task.WhenAny(joining, answers.Frames.WaitToReadAsync().AsTask()) == joining)
        {
            return await joining;
        }

        var challenge = (await answers.Frames.ReadAsync()).Challenge;
        var statement = new JoinStatement(
            JoinStatement.CurrentVersion, Field.Run(challenge.Run, "run"), Field.Hash(challenge.Challenge, "challenge"), default,
            new NodeId(Hash256.Of(request.Credentials.PublicKey.Span)), Field.Incarnation(request.Incarnation, "incarnation"));
        byte[] proof = prover.Sign(JoinStatement.Domain, (change?.Invoke(statement) ?? statement).Statement());
        frames.Send(new NodeFrame { Proof = new JoinProof { Signature = Field.Of(proof) } });
        return await joining;
    }

    private ServerSettings Settings() => TestServer.Settings("unused", _server);

    private JoinRequest Changed(Action<JoinRequest> change)
    {
        var request = Request(_alice, "alice");
        change(request);
        return request;
    }

    private Task<Session> AdmitAsync(Action<FakeRequests<NodeFrame>> script)
    {
        var frames = new FakeRequests<NodeFrame>();
        script(frames);
        return Handshake(Settings()).AdmitAsync(frames, new FakeResponses<ServerFrame>(), _ => { }, CancellationToken.None);
    }

    /// <summary>A stream with nothing in it; giving it up ends its call.</summary>
    private sealed class ResetRequests(CancellationTokenSource call) : IAsyncStreamReader<NodeFrame>
    {
        public NodeFrame Current => throw new InvalidOperationException("There is no current message.");

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => call.Cancel(), TaskScheduler.Default);
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
