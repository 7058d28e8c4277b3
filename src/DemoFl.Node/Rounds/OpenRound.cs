using DemoFl.Protocol;
using DemoFl.Sharing;

namespace DemoFl.Node.Rounds;

/// <summary>
/// What a node holds for one round: its own update, the vectors it keeps for others, and the work under way. Work that outlives the round still
/// writes here and not into the next one; when the last of it has ended, the bytes are cleared.
/// </summary>
internal sealed class OpenRound(RoundSpec spec) : IAsyncDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly HashSet<NodeId> _participants = [.. spec.Participants];
    private readonly Dictionary<NodeId, VectorAssembly> _assemblies = [];
    private readonly Dictionary<NodeId, MaskSeed> _masks = [];
    private readonly List<Task> _work = [];

    public RoundSpec Spec => spec;

    /// <summary>Cancelled when the round closes.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>This party's update, once it is made.</summary>
    public PreparedUpdate? Update { get; set; }

    public void Add(Task work) => _work.Add(work);

    /// <summary>Where a party's vector comes together; null for who has none to send in this round.</summary>
    public VectorAssembly? AssemblyOf(NodeId party)
    {
        if (!_assemblies.TryGetValue(party, out var assembly) && spec.Layout == Layout.Rotating && _participants.Contains(party))
        {
            _assemblies[party] = assembly = new VectorAssembly(spec);
        }

        return assembly;
    }

    /// <summary>Keeps the seed of a party's mask, as derived when the party announced it.</summary>
    public void Hold(NodeId party, MaskSeed seed) => _masks.Add(party, seed);

    /// <summary>The seed held for a party; cleared when the round closes.</summary>
    public MaskSeed MaskOf(NodeId party) => _masks[party];

    /// <summary>Cancels the work, waits for it, clears the bytes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await Task.WhenAll(_work);
        Update?.Clear();
        foreach (var assembly in _assemblies.Values)
        {
            assembly.Clear();
        }

        foreach (var mask in _masks.Values)
        {
            mask.Dispose();
        }

        _closed.Dispose();
    }
}
