using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// What peers said before this node's control stream had told it of the round, or of the seat, that it is about: kept in order. So many from each
/// that nobody can take the others' room, or the node's memory.
/// </summary>
internal sealed class EarlyMessages
{
    private readonly List<NodeInput> _kept = [];
    private readonly Dictionary<NodeId, int> _counts = [];

    public void Keep(NodeInput input)
    {
        var sender = SenderOf(input);
        int count = _counts.GetValueOrDefault(sender);
        if (count < NodeMachine.MaxEarlyMessagesOfOne && _kept.Count < NodeMachine.MaxEarlyMessages)
        {
            _counts[sender] = count + 1;
            _kept.Add(input);
        }
    }

    /// <summary>Takes out what <paramref name="isDue"/>, in the order in which it came.</summary>
    public ImmutableArray<NodeInput> Take(Func<NodeInput, bool> isDue)
    {
        ImmutableArray<NodeInput> due = [.. _kept.Where(isDue)];
        NodeInput[] rest = [.. _kept.Where(i => !isDue(i))];
        Clear();
        Array.ForEach(rest, Keep);
        return due;
    }

    public void Clear()
    {
        _kept.Clear();
        _counts.Clear();
    }

    private static NodeId SenderOf(NodeInput input) => input switch
    {
        NodeInput.FromParty m => m.Party,
        NodeInput.SeedHeld m => m.Party,
        NodeInput.VectorHeld m => m.Party,
        _ => throw new ArgumentException($"{input.GetType().Name} comes from no party.", nameof(input)),
    };
}
