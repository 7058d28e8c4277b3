namespace DemoFl.Protocol;

/// <summary>A node that is connected now.</summary>
internal sealed record Member(NodeId Node, string Name, Incarnation Incarnation, bool CanLead, long Connection);

/// <summary>Who is connected, and who among them has keys with every leader of the current term.</summary>
internal sealed class Membership
{
    private readonly Dictionary<NodeId, Member> _members = [];
    private readonly HashSet<NodeId> _keyed = [];

    public int Count => _members.Count;

    public int KeyedCount => _keyed.Count;

    /// <summary>How many slots those present could fill.</summary>
    public int LeadingProcesses => _members.Values.Where(m => m.CanLead).Select(m => m.Incarnation).Distinct().Count();

    /// <summary>As many without these nodes.</summary>
    public int LeadingProcessesWithout(IReadOnlySet<NodeId> nodes) =>
        _members.Values.Where(m => m.CanLead && !nodes.Contains(m.Node)).Select(m => m.Incarnation).Distinct().Count();

    /// <summary>Sorted by name, so that a seeded draw depends on who is there and not on who came first.</summary>
    public IReadOnlyList<Member> Everyone => Sorted(_members.Values);

    public IReadOnlyList<Member> Keyed => Sorted(_keyed.Select(id => _members[id]));

    public Member? Find(NodeId node) => _members.GetValueOrDefault(node);

    public bool IsKeyed(NodeId node) => _keyed.Contains(node);

    public void Arrive(Member member)
    {
        _keyed.Remove(member.Node);
        _members[member.Node] = member;
    }

    /// <summary>False when a newer life or connection has already taken the departed one's place.</summary>
    public bool Depart(NodeId node, Incarnation incarnation, long connection)
    {
        if (_members.GetValueOrDefault(node) is not { } member || member.Incarnation != incarnation || member.Connection != connection)
        {
            return false;
        }

        _keyed.Remove(node);
        return _members.Remove(node);
    }

    public bool MarkKeyed(NodeId node) => _members.ContainsKey(node) && _keyed.Add(node);

    public void ForgetKeys() => _keyed.Clear();

    public void ForgetKeysOf(NodeId node) => _keyed.Remove(node);

    private static Member[] Sorted(IEnumerable<Member> members) =>
        [.. members.OrderBy(m => m.Name, StringComparer.Ordinal).ThenBy(m => m.Node.Value)];
}
