using DemoFl.Protocol;
using DemoFl.Relay.Coordination;
using DemoFl.Relay.Tests.Fixtures;

namespace DemoFl.Relay.Tests.Coordination;

/// <summary>In which order the coordinator's loop takes what waits for it.</summary>
public class CoordinatorInboxTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new();
    private readonly CoordinatorInbox _inbox;
    private readonly long _started;

    public CoordinatorInboxTests() => (_inbox, _started) = (new CoordinatorInbox(_clock), _clock.GetTimestamp());

    /// <summary>A coordinator that was busy until after the deadline has the leader's answer, and must not take it for silent.</summary>
    [Fact]
    public async Task Next_AnswerThatCameBeforeTheDeadlineWasLookedAt_IsTakenBeforeTheTick()
    {
        await _inbox.PostAsync(Said(1));
        _inbox.PostAnswer(Said(2));
        _clock.Advance(Deadline);
        Assert.Equal(Said(2), await NextAsync());
        Assert.IsType<CoordinatorInput.Tick>(await NextAsync());
    }

    [Fact]
    public async Task Next_DeadlinePassed_ComesBeforeMail()
    {
        await _inbox.PostAsync(Said(1));
        _clock.Advance(Deadline);
        Assert.IsType<CoordinatorInput.Tick>(await NextAsync());
        Assert.Equal(Said(1), await _inbox.NextAsync(null, _started));
    }

    [Fact]
    public async Task Next_Mail_IsTakenInItsOrder()
    {
        await _inbox.PostAsync(Said(1));
        await _inbox.PostAsync(Said(2));
        Assert.Equal(Said(1), await NextAsync());
        Assert.Equal(Said(2), await NextAsync());
    }

    /// <summary>Nobody is let wait, and no memory grows: a beat whose answer finds no room is unanswered.</summary>
    [Fact]
    public async Task PostAnswer_MoreThanThereIsRoomFor_DropsTheRest()
    {
        for (ulong i = 0; i < 10_000; i++)
        {
            _inbox.PostAnswer(Said(i));
        }

        _clock.Advance(Deadline);
        int taken = 0;
        while (await NextAsync() is CoordinatorInput.NodeSaid)
        {
            taken++;
        }

        Assert.InRange(taken, 15, 1_000);
    }

    private static CoordinatorInput.NodeSaid Said(ulong number) => new(default, new NodeMessage.BeatAnswered(number));

    private ValueTask<CoordinatorInput> NextAsync() => _inbox.NextAsync(Deadline, _started);
}
