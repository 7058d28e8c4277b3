using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// What one leader has from all leaders about each attempt to close a round: a message of a kind per holder. They may come before this leader was asked
/// itself, or has heard of a new holder: kept by attempt, judged when its own is there.
/// </summary>
internal sealed class LeaderExchange<T>
    where T : class
{
    /// <summary>A round has one attempt, and one more for each replacement; the next may be under way already.</summary>
    private const int AttemptsAhead = 1 + LeaderCare.MaxReplacements;

    private readonly Dictionary<(NodeId, Attempt), T> _messages = [];

    /// <summary>Takes another leader's message, once, if it is of the present attempt or one that can follow it.</summary>
    public bool TryAdd(NodeId leader, Attempt attempt, T message, Attempt present) =>
        attempt.Number - present.Number is >= 0 and <= AttemptsAhead && _messages.TryAdd((leader, attempt), message);

    /// <summary>This leader's own.</summary>
    public void Set(NodeId self, Attempt attempt, T message) => _messages[(self, attempt)] = message;

    /// <summary>All leaders' messages in slot order, or null while one is missing.</summary>
    public ImmutableArray<T>? All(LeaderSet leaders, Attempt attempt)
    {
        var all = leaders.Seats.Select(s => _messages.GetValueOrDefault((s.Holder, attempt))).ToArray();
        return all.Any(m => m is null) ? null : [.. all!];
    }

    /// <summary>A slot has a new holder, or another attempt has begun: what is of this one, or of one before, counts no more.</summary>
    public void Void(Attempt attempt)
    {
        foreach (var key in _messages.Keys.Where(k => k.Item2.Number <= attempt.Number).ToArray())
        {
            _messages.Remove(key);
        }
    }
}
