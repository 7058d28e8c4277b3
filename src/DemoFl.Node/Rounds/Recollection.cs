using DemoFl.Protocol;

namespace DemoFl.Node.Rounds;

/// <summary>
/// What one connection to a run leaves to the next: what the machine knows, what the sum it may still be asked for is made of, and the server's newest word of
/// how far the run has come.
/// </summary>
internal readonly record struct Recollection(NodeMemory Memory, OpenRound? Held, V1.RunHead? Head)
{
    /// <summary>Without the sum, whose bytes are cleared.</summary>
    public async Task<Recollection> ClearedAsync()
    {
        if (Held is not null)
        {
            await Held.DisposeAsync();
        }

        return this with { Memory = Memory with { Agreed = null }, Held = null };
    }
}
