using DemoFl.Protocol;
using DemoFl.Relay.Sessions;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;
using Grpc.Core;

namespace DemoFl.Relay.Tests.Sessions;

/// <summary>Heartbeat calls: which answers count, and when a call ends.</summary>
public sealed class HeartTests
{
    [Fact]
    public void Takes_AnswerToABeatThatWasSent_Once()
    {
        var heart = new Heart();
        heart.Send(new ServerMessage.Beat(7));

        Assert.True(heart.Takes(new NodeMessage.BeatAnswered(7)));
        Assert.False(heart.Takes(new NodeMessage.BeatAnswered(7)));
    }

    [Fact]
    public void Takes_AnswerToABeatThatWasNeverSent_Never()
    {
        var heart = new Heart();
        Assert.False(heart.Takes(new NodeMessage.BeatAnswered(0)));
        heart.Send(new ServerMessage.Beat(7));

        Assert.False(heart.Takes(new NodeMessage.BeatAnswered(8)));
        Assert.True(heart.Takes(new NodeMessage.BeatAnswered(7)));
    }

    [Fact]
    public void Takes_LateAnswer_OnlyBeforeALaterOne()
    {
        var heart = new Heart();
        heart.Send(new ServerMessage.Beat(7));
        heart.Send(new ServerMessage.Beat(8));

        Assert.True(heart.Takes(new NodeMessage.BeatAnswered(7)));
        Assert.True(heart.Takes(new NodeMessage.BeatAnswered(8)));
        Assert.False(heart.Takes(new NodeMessage.BeatAnswered(7)));
    }

    [Fact]
    public async Task Send_MoreThanMayWait_KeepsTheNewest()
    {
        var heart = new Heart();
        for (ulong i = 1; i <= Heart.MaxQueuedBeats + 3; i++)
        {
            heart.Send(new ServerMessage.Beat(i));
        }

        heart.Stop();

        Assert.Equal([4UL, 5, 6, 7], await heart.Beats.ReadAllAsync().Select(b => b.Number).ToArrayAsync());
    }

    [Fact]
    public void OpenHeart_ASecondTime_EndsTheFirst()
    {
        var session = SomeSession();
        var (first, second) = (session.OpenHeart(), session.OpenHeart());
        session.Send(new ServerMessage.Beat(1));

        Assert.True(first.Beats.Completion.IsCompleted);
        Assert.True(second.Beats.TryRead(out var beat));
        Assert.Equal(1UL, beat.Number);
    }

    [Fact]
    public void OpenHeart_OfASessionThatIsOver_EndsAtOnce()
    {
        var session = SomeSession();
        var before = session.OpenHeart();
        session.Close();

        Assert.True(before.Beats.Completion.IsCompleted);
        Assert.True(session.OpenHeart().Beats.Completion.IsCompleted);
    }

    [Fact]
    public async Task Heartbeat_CallsOfASession_EndWithAnotherAndWithTheSession()
    {
        using var folder = new TemporaryFolder();
        await using var server = await TestServer.StartAsync(folder.Path);
        var alice = await server.JoinAsync("alice");
        var heartbeats = new Coordinator.CoordinatorClient(server.Connect());
        using var first = heartbeats.Heartbeat(alice.Call);
        await first.ResponseHeadersAsync;
        using var second = heartbeats.Heartbeat(alice.Call);
        await second.ResponseHeadersAsync;

        await EndsAsync(first);
        alice.Dispose();
        await EndsAsync(second);
        using var late = heartbeats.Heartbeat(alice.Call.WithCancellationToken(CancellationToken.None));
        var refused = await Assert.ThrowsAsync<RpcException>(() => late.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
    }

    /// <summary>A leader that says nothing but heartbeats is there; one that stops answering them is not, whatever else it says.</summary>
    [Fact]
    public async Task Heartbeat_OfALeader_IsBeatenAndItsSilenceNoticed()
    {
        using var folder = new TemporaryFolder();
        var rules = Some.Rules(Layout.Masked, nodes: 1, leaders: 1) with { Care = new LeaderCare(TimeSpan.FromMilliseconds(50), MissedBeats: 3) };
        await using var server = await TestServer.StartAsync(folder.Path, Some.Job(rules));
        var alice = await server.JoinAsync("alice");
        using var heartbeat = new Coordinator.CoordinatorClient(server.Connect()).Heartbeat(alice.Call);
        await heartbeat.ResponseHeadersAsync;
        await new ScriptedLeader(alice).LeadAsync();
        ulong last = 0;
        for (int i = 0; i < 20; i++)
        {
            Assert.True(await heartbeat.ResponseStream.MoveNext(CancellationToken.None));
            Assert.True(heartbeat.ResponseStream.Current.Number > last);
            last = heartbeat.ResponseStream.Current.Number;
            await heartbeat.RequestStream.WriteAsync(new BeatAnswered { Number = last });
        }

        // More than once around: had an answer not counted, she would be lost by now.
        await alice.SayAsync(new NodeMessage.Declined(new Round(1), "still here"));
        var lost = await server.Observer.NextAsync<CoordinatorEvent.LeaderLost>();

        Assert.Equal((alice.Id, "it left 3 heartbeats unanswered"), (lost.Node, lost.Reason));
    }

    /// <summary>An agreement to a replacement counts with its sender's own signature only.</summary>
    [Fact]
    public async Task ReplacementAgreed_SignedByAnother_IsDroppedWithALine()
    {
        using var folder = new TemporaryFolder();
        await using var server = await TestServer.StartAsync(folder.Path);
        var (alice, bob) = (await server.JoinAsync("alice"), await server.JoinAsync("bob"));
        var replacement = new Protocol.Replacement(
            alice.Run, new Round(1), new Term(2), new Slot(1), bob.Id, bob.Incarnation, Some.NonceHash(1), Some.NonceHash(2));
        byte[] signature = bob.Key.Sign(Protocol.Replacement.Domain, replacement.Statement());

        await alice.SayAsync(new NodeMessage.ReplacementAgreed(new Round(1), new Protocol.SignedReplacement(new Slot(0), replacement, signature)));

        var line = await server.AuditedAsync("bad_signature", "the signature does not verify");
        Assert.Equal("ReplacementAgreed", line.GetProperty("what").GetString());
    }

    private static async Task EndsAsync(AsyncDuplexStreamingCall<BeatAnswered, Beat> call)
    {
        try
        {
            Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TestServer.Patience));
        }
        catch (RpcException)
        {
            // A server that gives its reading up resets the stream.
        }
    }

    private static Session SomeSession() => new(Some.Node(1), new Protocol.Credentials("a", default, default), new Incarnation(1), canLead: true);
}
