namespace DemoFl.Simulation;

/// <summary>What reaches a host: at once, later while its process is frozen, not at all when it is down.</summary>
internal sealed class Inbox(Func<bool> isUp)
{
    private readonly Queue<Action> _waiting = new();

    public bool IsFrozen { get; private set; }

    public void Deliver(Action arrive)
    {
        if (IsFrozen && isUp())
        {
            _waiting.Enqueue(arrive);
        }
        else if (isUp())
        {
            arrive();
        }
    }

    public void Freeze() => IsFrozen = true;

    /// <summary>Time before mail, as in the real hosts: nobody can keep a deadline from passing by talking without end.</summary>
    public void Thaw(Action tellTime)
    {
        IsFrozen = false;
        if (isUp())
        {
            tellTime();
        }

        while (!IsFrozen && isUp() && _waiting.TryDequeue(out var arrive))
        {
            arrive();
        }
    }

    public void Clear() => _waiting.Clear();
}
