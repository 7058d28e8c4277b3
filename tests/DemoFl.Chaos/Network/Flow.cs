using System.Diagnostics;

namespace DemoFl.Chaos.Network;

/// <summary>
/// What happens to the bytes of one direction of a link: they may be late, few a second, held up, or lost. Everything may be changed while bytes
/// flow. Thread-safe.
/// </summary>
internal sealed class Flow
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _open = Opened();
    private TaskCompletionSource _grown = NewSignal();
    private long _passedBytes;
    private long _freeAt;
    private long? _bytesPerSecond;
    private TimeSpan _delay;
    private bool _isDropping;

    /// <summary>The bandwidth, shared by all connections that go through; null for no limit.</summary>
    public long? BytesPerSecond
    {
        get
        {
            lock (_gate)
            {
                return _bytesPerSecond;
            }
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, nameof(value));
            lock (_gate)
            {
                _bytesPerSecond = value;
            }
        }
    }

    /// <summary>How much later bytes arrive than they were sent; of bytes that come in from now on.</summary>
    public TimeSpan Delay
    {
        get
        {
            lock (_gate)
            {
                return _delay;
            }
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            lock (_gate)
            {
                _delay = value;
            }
        }
    }

    /// <summary>Bytes that have passed.</summary>
    public long PassedBytes
    {
        get
        {
            lock (_gate)
            {
                return _passedBytes;
            }
        }
    }

    /// <summary>
    /// Bytes are taken and lost, and so is the end of a connection, as on a half-open one. A connection that has lost bytes never passes any more in
    /// this direction, even when this is over: what came behind the gap would make no sense.
    /// </summary>
    public bool IsDropping
    {
        get
        {
            lock (_gate)
            {
                return _isDropping;
            }
        }

        set
        {
            lock (_gate)
            {
                _isDropping = value;
            }
        }
    }

    /// <summary>Nothing passes and nothing is taken: the sender's buffers fill up.</summary>
    public void Stall()
    {
        lock (_gate)
        {
            _open = _open.Task.IsCompleted ? NewSignal() : _open;
        }
    }

    /// <summary>Lets bytes pass again.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            _open.TrySetResult();
        }
    }

    /// <summary>Everything passes again, at once.</summary>
    public void Heal()
    {
        (BytesPerSecond, Delay, IsDropping) = (null, TimeSpan.Zero, false);
        Resume();
    }

    /// <summary>Waits while the flow is stalled.</summary>
    public Task UntilOpenAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return _open.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>Waits for so many bytes' turn at the bandwidth.</summary>
    public async Task PaceAsync(int bytes, CancellationToken cancellation)
    {
        TimeSpan wait;
        lock (_gate)
        {
            if (_bytesPerSecond is not { } rate)
            {
                return;
            }

            long now = Stopwatch.GetTimestamp();
            _freeAt = Math.Max(_freeAt, now) + (long)((double)bytes / rate * Stopwatch.Frequency);
            wait = Stopwatch.GetElapsedTime(now, _freeAt);
        }

        await Task.Delay(wait, cancellation);
    }

    /// <summary>So many bytes have passed.</summary>
    public void Passed(int bytes)
    {
        TaskCompletionSource grown;
        lock (_gate)
        {
            _passedBytes += bytes;
            (grown, _grown) = (_grown, NewSignal());
        }

        grown.SetResult();
    }

    /// <summary>Waits until so many bytes have passed in all.</summary>
    public async Task UntilPassedAsync(long bytes, CancellationToken cancellation)
    {
        while (true)
        {
            Task grown;
            lock (_gate)
            {
                if (_passedBytes >= bytes)
                {
                    return;
                }

                grown = _grown.Task;
            }

            await grown.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Opened()
    {
        var open = NewSignal();
        open.SetResult();
        return open;
    }
}
