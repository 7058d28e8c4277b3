using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Tests;

public sealed class EventLogTests
{
    private readonly EventLog _log = new(TimeSpan.FromSeconds(30));

    [Fact]
    public async Task WaitAsync_EventBeforeTheIndex_IsNotWhatIsWaitedFor()
    {
        _log.Add("server", 1, """{"event":"round","round":1}""");

        var waiting = _log.WaitAsync(_log.Now, e => e.IsCommit, "a commit", CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        _log.Add("node-1", 1, """{"event":"round","round":2}""");
        _log.Add("server", 1, """{"event":"round","round":3}""");

        Assert.Equal(3UL, (await waiting).Round);
    }

    [Fact]
    public async Task WaitAsync_EventThatDoesNotCome_SaysWhatWasWaitedForAndWhatCame()
    {
        var impatient = new EventLog(TimeSpan.FromMilliseconds(1));
        impatient.Add("server", 1, """{"event":"aborted","round":1}""");

        var failure = await Assert.ThrowsAsync<ChaosException>(() => impatient.WaitAsync(0, e => e.IsCommit, "a commit", CancellationToken.None));

        Assert.StartsWith("a commit: not within", failure.Message, StringComparison.Ordinal);
        Assert.Contains("aborted", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnceAsync_AnotherEventWhileItActs_ReturnsWhenItHas()
    {
        using var begun = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        bool acted = false;
        var waiting = _log.OnceAsync(
            e => e.IsCommit,
            _ =>
            {
                begun.Set();
                goOn.Wait();
                acted = true;
            },
            "a commit", CancellationToken.None);
        var reader = Task.Run(() => _log.Add("server", 1, """{"event":"round","round":1}"""));
        begun.Wait();
        _log.Add("node-1", 1, """{"event":"roundJoined","round":1}""");
        Assert.False(waiting.IsCompleted);
        goOn.Set();
        await waiting;
        Assert.True(acted);
        await reader;
    }

    [Fact]
    public async Task OnceAsync_TheActionFails_FailsTheWaiting()
    {
        var waiting = _log.OnceAsync(e => e.IsCommit, _ => throw new ChaosException("nobody there"), "a commit", CancellationToken.None);
        _log.Add("server", 1, """{"event":"round","round":1}""");
        Assert.Equal("nobody there", (await Assert.ThrowsAsync<ChaosException>(() => waiting)).Message);
    }

    [Fact]
    public async Task OnceAsync_TwoEventsThatFit_ActsOnTheFirstBeforeItsReaderGoesOn()
    {
        var acted = new List<ulong?>();
        var waiting = _log.OnceAsync(e => e.IsCommit, e => acted.Add(e.Round), "a commit", CancellationToken.None);

        _log.Add("server", 1, """{"event":"round","round":1}""");
        Assert.Equal([1], acted);
        _log.Add("server", 1, """{"event":"round","round":2}""");

        Assert.Equal(1UL, (await waiting).Round);
        Assert.Equal([1], acted);
    }

    [Fact]
    public void Add_LineThatIsNoEvent_IsRefused() => Assert.Throws<ChaosException>(() => _log.Add("server", 1, "[1]"));

    [Fact]
    public void LeaderView_SlotThatIsFilledAnew_HasItsNewHolder()
    {
        var view = new LeaderView(id => $"node-{id}");
        _log.Happened += view.On;

        _log.Add("server", 1, """{"event":"leadersSeated","term":1,"leaders":["1","2","3"]}""");
        _log.Add("node-1", 1, """{"event":"replaced","round":1,"term":2,"slot":0,"node":"9"}""");
        _log.Add("server", 1, """{"event":"replaced","round":1,"term":2,"slot":1,"node":"4"}""");

        Assert.Equal(["node-1", "node-4", "node-3"], view.Names);
    }
}
