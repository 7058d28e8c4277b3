using DemoFl.Protocol;
using DemoFl.Relay.Forwarding;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Relay.Tests.Forwarding;

public sealed class RelayTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(_folder.Path);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Link_OfEnvelopes_ReachesOnlyTheReceiverUnderTheProvenSender()
    {
        var (alice, bob, carol) = (await _server.JoinAsync("alice"), await _server.JoinAsync("bob"), await _server.JoinAsync("carol"));
        using var fromAlice = await alice.LinkAsync();
        using var toBob = await bob.LinkAsync();
        using var toCarol = await carol.LinkAsync();
        await fromAlice.RequestStream.WriteAsync(To(bob.Id, 1));

        // Whatever a sender puts into the envelope, only the receiver and the content are taken from it.
        await fromAlice.RequestStream.WriteAsync(new Envelope { Peer = Field.Of(carol.Id), Content = ByteString.CopyFrom(2), Refused = true });
        await fromAlice.RequestStream.WriteAsync(To(bob.Id, 3));

        Assert.Equal([(alice.Id, 1, false), (alice.Id, 3, false)], [await TakeAsync(toBob), await TakeAsync(toBob)]);
        Assert.Equal((alice.Id, 2, false), await TakeAsync(toCarol));
        await fromAlice.RequestStream.WriteAsync(To(alice.Id, 4));
        Assert.Equal((alice.Id, 4, false), await TakeAsync(fromAlice));
    }

    [Fact]
    public async Task Link_ToAnAbsentReceiver_GivesTheEnvelopeBack()
    {
        var (alice, bob) = (await _server.JoinAsync("alice"), await _server.JoinAsync("bob"));
        using var link = await alice.LinkAsync();
        await link.RequestStream.WriteAsync(To(Some.Node(77), 1));
        await link.RequestStream.WriteAsync(To(bob.Id, 2));

        Assert.Equal([(Some.Node(77), 1, true), (bob.Id, 2, true)], [await TakeAsync(link), await TakeAsync(link)]);
    }

    [Fact]
    public async Task Link_WithoutASession_IsRefused()
    {
        var relay = new V1.Relay.RelayClient(_server.Connect());
        foreach (var headers in new[] { new Metadata(), new Metadata { { Relay.Sessions.SessionTable.TokenHeader, new string('0', 64) } } })
        {
            using var link = relay.Link(headers);
            var refused = await Assert.ThrowsAsync<RpcException>(() => link.ResponseStream.MoveNext(default));
            Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
            using var send = relay.Send(headers);
            Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => send.ResponseAsync)).StatusCode);
        }
    }

    [Fact]
    public async Task Link_OfAnOversizedOrMalformedEnvelope_EndsThatCallAlone()
    {
        var (alice, bob) = (await _server.JoinAsync("alice"), await _server.JoinAsync("bob"));
        using var toBob = await bob.LinkAsync();
        var wrong = new[]
        {
            new Envelope { Peer = Field.Of(bob.Id), Content = ByteString.CopyFrom(new byte[WireLimits.MaxLinkEnvelopeBytes + 1]) },
            new Envelope { Peer = ByteString.CopyFrom(new byte[31]) },
            new Envelope(),
        };
        foreach (var envelope in wrong)
        {
            using var link = await alice.LinkAsync();
            await OfferAsync(link.RequestStream, envelope);
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => TakeAsync(link))).StatusCode);
            using var send = alice.Relay.Send(alice.Call);
            await OfferAsync(send.RequestStream, envelope);
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => send.ResponseAsync)).StatusCode);
        }

        // A transfer's envelopes are pieces, and as many as may wait for a receiver are bounded by that.
        using var bulk = alice.Relay.Send(alice.Call);
        await OfferAsync(bulk.RequestStream, new Envelope { Peer = Field.Of(bob.Id), Content = ByteString.CopyFrom(new byte[WireLimits.MaxEnvelopeBytes + 1]) });
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => bulk.ResponseAsync)).StatusCode);

        using var again = await alice.LinkAsync();
        var largest = new Envelope { Peer = Field.Of(bob.Id), Content = ByteString.CopyFrom(new byte[WireLimits.MaxLinkEnvelopeBytes]) };
        await again.RequestStream.WriteAsync(largest);
        Assert.Equal((alice.Id, 0, false), await TakeAsync(toBob));

        static async Task OfferAsync(IClientStreamWriter<Envelope> requests, Envelope envelope)
        {
            try
            {
                await requests.WriteAsync(envelope);
            }
            catch (RpcException)
            {
                // Refused before all of it was sent; the call's end says why.
            }
        }
    }

    /// <summary>One slow receiver costs its own senders their call, in time, and nobody else (liveness L2, L3).</summary>
    [Fact]
    public async Task Send_ToAReceiverThatReadsNothing_IsGivenUpAloneAtTheDeadline()
    {
        var clock = new ManualClock();
        using var folder = new TemporaryFolder();
        await using var server = await TestServer.StartAsync(folder.Path, clock: clock);
        var (alice, bob, carol) = (await server.JoinAsync("alice"), await server.JoinAsync("bob"), await server.JoinAsync("carol"));
        using var toBob = await bob.LinkAsync();
        using var toCarol = await carol.LinkAsync();
        using var send = alice.Relay.Send(alice.Call);
        var sending = SendUntilRefusedAsync(send, bob.Id);

        // The relay starts to wait once its queue is full; its clock runs until it has waited long enough.
        while (!send.ResponseAsync.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(send.ResponseAsync, Task.Run(() => Task.Yield()));
        }

        var refused = await Assert.ThrowsAsync<RpcException>(() => send.ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        await sending;
        using var other = alice.Relay.Send(alice.Call);
        await other.RequestStream.WriteAsync(To(carol.Id, 6));
        await other.RequestStream.CompleteAsync();
        Assert.Equal(1u, (await other.ResponseAsync).Delivered);
        Assert.Equal((alice.Id, 6, false), await TakeAsync(toCarol));
    }

    private static async Task SendUntilRefusedAsync(AsyncClientStreamingCall<Envelope, SendReceipt> send, NodeId receiver)
    {
        var piece = new Envelope { Peer = Field.Of(receiver), Content = ByteString.CopyFrom(new byte[WireLimits.PieceBytes]) };
        try
        {
            while (!send.ResponseAsync.IsCompleted)
            {
                await send.RequestStream.WriteAsync(piece);
            }
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The relay has answered; the receipt says what.
        }
    }

    [Fact]
    public async Task Link_ToAReceiverThatReadsNothing_GivesBackWhatItsQueueDoesNotHoldAndServesOthers()
    {
        var (alice, bob, carol) = (await _server.JoinAsync("alice"), await _server.JoinAsync("bob"), await _server.JoinAsync("carol"));
        using var fromAlice = await alice.LinkAsync();
        using var toBob = await bob.LinkAsync();
        using var toCarol = await carol.LinkAsync();
        var refused = TakeAsync(fromAlice);
        int sent = 0;
        while (!refused.IsCompleted && sent < 8 * Mailbox.MaxShort)
        {
            await fromAlice.RequestStream.WriteAsync(Numbered(bob.Id, sent++));
        }

        Assert.Equal((bob.Id, true), await PeerOfAsync(refused));
        Assert.True(sent > Mailbox.MaxShort, $"refused after {sent}");
        await fromAlice.RequestStream.WriteAsync(To(carol.Id, 5));
        Assert.Equal((alice.Id, 5, false), await TakeAsync(toCarol));

        // What was taken arrives, in order.
        for (int i = 0; i < Mailbox.MaxShort; i++)
        {
            Assert.True(await toBob.ResponseStream.MoveNext(default));
            Assert.Equal(i, BitConverter.ToInt32(toBob.ResponseStream.Current.Content.Span));
        }
    }

    [Fact]
    public async Task Send_ToASlowReceiver_WaitsWhileOtherTransfersFlow()
    {
        const int Envelopes = 300;
        var (alice, bob) = (await _server.JoinAsync("alice"), await _server.JoinAsync("bob"));
        var (carol, dave) = (await _server.JoinAsync("carol"), await _server.JoinAsync("dave"));
        using var toBob = await bob.LinkAsync();
        using var toDave = await dave.LinkAsync();

        // More than the mailbox (4 MiB) and the stream's window (4 MiB) hold: it cannot end before bob reads.
        var slow = Task.Run(() => PumpAsync(alice, bob.Id, Envelopes));
        var reading = Task.Run(() => DrainAsync(toDave, Envelopes));
        Assert.Equal((uint)Envelopes, await PumpAsync(carol, dave.Id, Envelopes));
        Assert.Equal(Enumerable.Range(0, Envelopes), await reading);
        using var fromCarol = await carol.LinkAsync();
        await fromCarol.RequestStream.WriteAsync(To(dave.Id, 9));
        Assert.Equal((carol.Id, 9, false), await TakeAsync(toDave));
        Assert.False(slow.IsCompleted);

        Assert.Equal(Enumerable.Range(0, Envelopes), await DrainAsync(toBob, Envelopes));
        Assert.Equal((uint)Envelopes, await slow);
    }

    [Fact]
    public async Task Send_ToAReceiverThatIsNotThereOrLeaves_IsUnavailable()
    {
        var (alice, bob) = (await _server.JoinAsync("alice"), await _server.JoinAsync("bob"));
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => PumpAsync(alice, bob.Id, 1))).StatusCode);
        var toBob = await bob.LinkAsync();
        var slow = Task.Run(() => PumpAsync(alice, bob.Id, 300));
        Assert.True(await toBob.ResponseStream.MoveNext(default));
        toBob.Dispose();

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => slow)).StatusCode);
    }

    private static Envelope To(NodeId receiver, byte content) => new() { Peer = Field.Of(receiver), Content = ByteString.CopyFrom(content) };

    private static Envelope Numbered(NodeId receiver, int number) => new()
    {
        Peer = Field.Of(receiver), Content = ByteString.CopyFrom(BitConverter.GetBytes(number)),
    };

    private static async Task<(NodeId Peer, int Content, bool Refused)> TakeAsync(AsyncDuplexStreamingCall<Envelope, Envelope> link)
    {
        Assert.True(await link.ResponseStream.MoveNext(default).WaitAsync(TestServer.Patience));
        var envelope = link.ResponseStream.Current;
        return (Field.Node(envelope.Peer, "peer"), envelope.Content[0], envelope.Refused);
    }

    private static async Task<(NodeId Peer, bool Refused)> PeerOfAsync(Task<(NodeId Peer, int Content, bool Refused)> taken)
    {
        var (peer, _, refused) = await taken;
        return (peer, refused);
    }

    private static async Task<uint> PumpAsync(ScriptedNode sender, NodeId receiver, int envelopes)
    {
        using var call = sender.Relay.Send(sender.Call);
        var content = new byte[WireLimits.PieceBytes];
        try
        {
            for (int i = 0; i < envelopes; i++)
            {
                BitConverter.TryWriteBytes(content, i);
                await call.RequestStream.WriteAsync(new Envelope { Peer = Field.Of(receiver), Content = ByteString.CopyFrom(content) });
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is InvalidOperationException or RpcException)
        {
            // Answered already; the receipt says what.
        }

        return (await call.ResponseAsync).Delivered;
    }

    private static async Task<List<int>> DrainAsync(AsyncDuplexStreamingCall<Envelope, Envelope> link, int envelopes)
    {
        var numbers = new List<int>();
        while (numbers.Count < envelopes && await link.ResponseStream.MoveNext(default).WaitAsync(TestServer.Patience))
        {
            numbers.Add(BitConverter.ToInt32(link.ResponseStream.Current.Content.Span));
        }

        return numbers;
    }
}
