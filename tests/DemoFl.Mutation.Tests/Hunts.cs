namespace DemoFl.Mutation.Tests;

/// <summary>All hunts, as many at once as there are cores; begun when the first is asked for.</summary>
public sealed class Hunts : IDisposable
{
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);
    private readonly Lazy<Laboratory> _laboratory = new(() => new Laboratory(Collection.Root));
    private readonly Lazy<Dictionary<string, Task<Finding>>> _findings;

    public Hunts() => _findings = new(() => Collection.Names.ToDictionary(name => name, name => RunAsync(laboratory => Hunt.Of(laboratory, Collection.Read(name), Hunt.MaxSeeds, Hunt.MaxTime))));

    internal Laboratory Laboratory => _laboratory.Value;

    internal Task<Finding> FindingAsync(string name) => _findings.Value[name];

    internal async Task<Finding> RunAsync(Func<Laboratory, Finding> hunt)
    {
        await _cores.WaitAsync();
        try
        {
            return await Task.Run(() => hunt(Laboratory));
        }
        finally
        {
            _cores.Release();
        }
    }

    public void Dispose() => _cores.Dispose();
}
