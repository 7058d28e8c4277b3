using System.Threading.Channels;
using DemoFl.Protocol;

namespace DemoFl.Relay.Coordination;

/// <summary>
/// What waits for the coordinator's loop, in the order in which it is taken: answers to beats, a deadline that has passed, and the mail. Thread-safe for
/// writers; one reader.
/// </summary>
internal sealed class CoordinatorInbox(TimeProvider clock)
{
    private const int MailCapacity = 65_536;

    /// <summary>Answers that may wait: each beat is answered once, and a leader has few out at a time. What finds no room counts as unanswered.</summary>
    private const int AnswerCapacity = 256;

    private readonly Channel<CoordinatorInput> _mail = Channel.CreateBounded<CoordinatorInput>(
        new BoundedChannelOptions(MailCapacity) { SingleReader = true });

    private readonly Channel<CoordinatorInput> _answers = Channel.CreateBounded<CoordinatorInput>(
        new BoundedChannelOptions(AnswerCapacity) { SingleReader = true });

    /// <summary>Waits for room.</summary>
    public ValueTask PostAsync(CoordinatorInput input) => _mail.Writer.WriteAsync(input);

    /// <summary>
    /// A leader's answer to a beat. It does not queue behind the mail, and comes before time does: a coordinator that has much to do does not take for
    /// silence what it has not read. Nor does it wake the reader, who wants it when the next beat is due.
    /// </summary>
    public void PostAnswer(CoordinatorInput answer) => _answers.Writer.TryWrite(answer);

    /// <summary>The next input; a tick when <paramref name="deadline"/> comes first.</summary>
    /// <param name="deadline">On the clock, from <paramref name="started"/>.</param>
    /// <param name="started">The timestamp of zero.</param>
    public async ValueTask<CoordinatorInput> NextAsync(TimeSpan? deadline, long started)
    {
        if (_answers.Reader.TryRead(out var answer))
        {
            return answer;
        }

        // Time before mail: nobody can keep a deadline from passing by talking without end.
        if (deadline <= clock.GetElapsedTime(started))
        {
            return new CoordinatorInput.Tick();
        }

        if (_mail.Reader.TryRead(out var ready))
        {
            return ready;
        }

        if (deadline is not { } due)
        {
            return await _mail.Reader.ReadAsync();
        }

        // Answers that came during the wait are to be read before the time is told.
        var late = await WaitAsync(due - clock.GetElapsedTime(started));
        return late is CoordinatorInput.Tick && _answers.Reader.TryRead(out answer) ? answer : late;
    }

    private async ValueTask<CoordinatorInput> WaitAsync(TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero)
        {
            return new CoordinatorInput.Tick();
        }

        using var timer = new CancellationTokenSource(wait + TimeSpan.FromMilliseconds(1), clock);
        try
        {
            return await _mail.Reader.ReadAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            return new CoordinatorInput.Tick();
        }
    }
}
