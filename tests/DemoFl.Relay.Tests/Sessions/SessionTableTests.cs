using DemoFl.Relay.Sessions;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;

namespace DemoFl.Relay.Tests.Sessions;

public sealed class SessionTableTests
{
    private readonly SessionTable _table = new();

    [Fact]
    public void Add_OfANodeThatJoinsAgain_ReplacesItsSessionAndEndsTheEarlierStream()
    {
        var (first, second) = (New(1), New(1));
        _table.Add(first);
        _table.Add(second);

        Assert.Same(second, _table.Find(Some.Node(1)));
        Assert.Same(second, Assert.Single(_table.All));
        Assert.True(first.Outbox.Completion.IsCompleted);
        Assert.False(second.Outbox.Completion.IsCompleted);
    }

    [Fact]
    public void Remove_OfAReplacedSession_LeavesTheNewOne()
    {
        var (first, second) = (New(1), New(1));
        _table.Add(first);
        _table.Add(second);
        _table.Remove(first);
        Assert.Same(second, _table.Find(Some.Node(1)));
        _table.Remove(second);
        Assert.Null(_table.Find(Some.Node(1)));
    }

    [Fact]
    public void Send_ToANodeThatFellTooFarBehind_EndsItsStreamAfterWhatIsQueued()
    {
        var session = New(1);
        for (int i = 0; i < Session.MaxQueuedFrames; i++)
        {
            session.Send(new ServerFrame());
        }

        Assert.Equal(Session.MaxQueuedFrames, session.Outbox.Count);
        session.Send(new ServerFrame());
        for (int i = 0; i < Session.MaxQueuedFrames; i++)
        {
            Assert.True(session.Outbox.TryRead(out _));
        }

        Assert.True(session.Outbox.Completion.IsCompleted);
    }

    [Fact]
    public void Token_OfEverySession_IsItsOwnAndNotInItsText()
    {
        var (first, second) = (New(1), New(1));
        Assert.Equal(2 * Session.TokenBytes, first.Token.Length);
        Assert.NotEqual(first.Token, second.Token);
        Assert.DoesNotContain(first.Token, first.ToString(), StringComparison.Ordinal);
    }

    private static Session New(int node) => new(Some.Node(node), new Credentials("alice", default, default), default, canLead: true);
}
