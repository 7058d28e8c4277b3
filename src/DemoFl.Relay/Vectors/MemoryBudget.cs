namespace DemoFl.Relay.Vectors;

/// <summary>Bytes that may be held at one time. Thread-safe.</summary>
internal sealed class MemoryBudget(long totalBytes)
{
    private long _free = totalBytes;

    /// <summary>Takes all of it, or nothing.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _free, -bytes) >= 0)
        {
            return true;
        }

        Return(bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _free, bytes);
}
