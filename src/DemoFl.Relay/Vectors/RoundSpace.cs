namespace DemoFl.Relay.Vectors;

/// <summary>
/// Room for the vectors of one round: memory while the budget lasts, a spill file beyond it. Disposing gives the memory back and removes the
/// file. Not thread-safe; the buffers may be used while it is disposed.
/// </summary>
internal sealed class RoundSpace(MemoryBudget budget, string spillPath) : IDisposable
{
    private long _takenBytes;
    private SpillFile? _spill;

    public IVectorBuffer Allocate(int length)
    {
        if (budget.TryTake(length))
        {
            _takenBytes += length;
            return new MemoryBuffer(length);
        }

        _spill ??= Spill();
        return new SpillBuffer(_spill, length);
    }

    public void Dispose()
    {
        budget.Return(_takenBytes);
        _takenBytes = 0;
        _spill?.Dispose();
    }

    private SpillFile Spill()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(spillPath)!);
        return new SpillFile(spillPath);
    }
}
