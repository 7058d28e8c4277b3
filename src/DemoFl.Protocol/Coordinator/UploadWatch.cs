namespace DemoFl.Protocol;

/// <summary>Which parties of a round have uploaded, which never will, and, after a slot was filled anew, which the leaders can unmask again.</summary>
internal sealed class UploadWatch(IEnumerable<NodeId> participants)
{
    private readonly HashSet<NodeId> _participants = [.. participants];
    private readonly Dictionary<NodeId, Hash256> _uploaded = [];
    private readonly HashSet<NodeId> _absent = [];
    private HashSet<NodeId>? _resealed;

    public int Count => _uploaded.Count;

    public int ResealedCount => _resealed?.Count ?? 0;

    /// <summary>Nobody is waited for any more.</summary>
    public bool IsComplete => _participants.All(p => _absent.Contains(p) || (_uploaded.ContainsKey(p) && (_resealed?.Contains(p) ?? true)));

    /// <summary>Of those that have uploaded, everyone who is still there has resealed.</summary>
    public bool IsResealed => _uploaded.Keys.All(p => _absent.Contains(p) || (_resealed?.Contains(p) ?? true));

    /// <summary>B_0.</summary>
    public PartySet Uploaded() => new(_uploaded.Select(u => new Contribution(u.Key, u.Value)));

    public bool Add(NodeId party, Hash256 nonceHash) => _participants.Contains(party) && _uploaded.TryAdd(party, nonceHash);

    /// <summary>The party will do nothing more. If it has uploaded, its vector and what its leaders hold count all the same.</summary>
    public bool Leave(NodeId party) => _participants.Contains(party) && _absent.Add(party);

    public bool HasUploaded(NodeId party) => _uploaded.ContainsKey(party);

    /// <summary>A slot has a new holder: everybody has to reseal.</summary>
    public void AwaitResealing() => _resealed = [];

    public void Resealed(NodeId party) => _resealed?.Add(party);
}
