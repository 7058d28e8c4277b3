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
    private Dictionary<NodeId, VectorAssembly> _assemblies = [];
    private Dictionary<(NodeId Party, Nonce Nonce), MaskSeed> _masks = [];
    private readonly Dictionary<NodeId, Nonce> _resealed = [];
    private readonly List<KeeperDelivery> _deliveries = [];
    private readonly List<Task> _work = [];

    public RoundSpec Spec => spec;

    /// <summary>Cancelled when the round closes.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>This party's update, once it is made.</summary>
    public PreparedUpdate? Update { get; set; }

    /// <summary>Rotating: what goes to the keeper of this party's vector, once that is on its way.</summary>
    public KeeperDelivery? Delivery { get; private set; }

    /// <summary>Rotating: the end of the last delivery's first transfer, behind which the vector is masked for good.</summary>
    public Task Handed { get; set; } = Task.CompletedTask;

    /// <summary>Another delivery takes the place of the one before, which is given up.</summary>
    public KeeperDelivery Replace(KeeperDelivery delivery)
    {
        Delivery?.GiveUp();
        _deliveries.Add(delivery);
        return Delivery = delivery;
    }

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
    public void Hold(NodeId party, Nonce nonce, MaskSeed seed)
    {
        if (!_masks.TryAdd((party, nonce), seed))
        {
            seed.Dispose();
        }
    }

    /// <summary>
    /// Notes that a party has resealed to this node, and keeps the seed if there is one. A party does so once: the same again changes nothing, and
    /// another nonce is refused.
    /// </summary>
    public bool TryReseal(NodeId party, Nonce nonce, ReadOnlySpan<byte> seed)
    {
        if (!_participants.Contains(party) || (!_resealed.TryAdd(party, nonce) && _resealed[party] != nonce))
        {
            return false;
        }

        if (!seed.IsEmpty && !_masks.ContainsKey((party, nonce)))
        {
            _masks.Add((party, nonce), new MaskSeed(seed));
        }

        return true;
    }

    /// <summary>The seed held for a party; cleared when the round closes.</summary>
    public MaskSeed MaskOf(NodeId party, Nonce nonce) => _masks[(party, nonce)];

    /// <summary>
    /// What a leader holds of others, for a later connection of the process; the work under way is cancelled and the node's own update cleared.
    /// </summary>
    public async Task<OpenRound> HandOnAsync()
    {
        await _closed.CancelAsync();
        await Task.WhenAll(_work);
        var next = new OpenRound(spec) { _assemblies = _assemblies, _masks = _masks };
        (_assemblies, _masks) = ([], []);
        await DisposeAsync();
        return next;
    }

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

        _deliveries.ForEach(d => d.Dispose());
        _closed.Dispose();
    }
}
