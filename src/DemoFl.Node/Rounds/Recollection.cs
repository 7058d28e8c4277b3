using DemoFl.Protocol;

namespace DemoFl.Node.Rounds;

/// <summary>What one connection to a run leaves to the next: what the machine knows, and what the sum it may still be asked for is made of, or null.</summary>
internal readonly record struct Recollection(NodeMemory Memory, OpenRound? Held)
{
    /// <summary>Without the sum, whose bytes are cleared.</summary>
    public async Task<Recollection> ClearedAsync()
    {
        if (Held is not null)
        {
            await Held.DisposeAsync();
        }

        return new Recollection(Memory with { Agreed = null }, null);
    }
}
