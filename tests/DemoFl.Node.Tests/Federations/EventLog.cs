namespace DemoFl.Node.Tests.Federations;

/// <summary>What happened so far, in order, and a way to wait for what has not happened yet. Thread-safe.</summary>
internal sealed class EventLog<T>
{
    /// <summary>Only a broken test waits this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly List<T> _events = [];
    private readonly List<(Func<T, bool> Wanted, TaskCompletionSource<T> Found)> _waiting = [];

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public void Add(T happened)
    {
        List<TaskCompletionSource<T>> found = [];
        lock (_gate)
        {
            _events.Add(happened);
            found.AddRange(_waiting.Where(w => w.Wanted(happened)).Select(w => w.Found));
            _waiting.RemoveAll(w => found.Contains(w.Found));
        }

        found.ForEach(f => f.TrySetResult(happened));
    }

    /// <summary>The first event of this kind that suits, past or to come.</summary>
    public async Task<TEvent> WhenAsync<TEvent>(Func<TEvent, bool>? suits = null)
        where TEvent : T
    {
        bool Wanted(T e) => e is TEvent candidate && (suits?.Invoke(candidate) ?? true);
        Task<T> found;
        lock (_gate)
        {
            if (_events.FirstOrDefault(Wanted) is TEvent past)
            {
                return past;
            }

            var source = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((Wanted, source));
            found = source.Task;
        }

        try
        {
            return (TEvent)(await found.WaitAsync(Patience))!;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"No {typeof(TEvent).Name} within {Patience}. So far:\n{string.Join('\n', All)}");
        }
    }
}
