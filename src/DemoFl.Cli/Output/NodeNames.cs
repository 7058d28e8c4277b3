using DemoFl.Identity;
using DemoFl.Protocol;

namespace DemoFl.Cli.Output;

/// <summary>The names of nodes by their ids, as far as a roster tells them: a person looks for a name. Immutable.</summary>
internal sealed class NodeNames
{
    private readonly Dictionary<string, string> _names;

    private NodeNames(Dictionary<string, string> names) => _names = names;

    public static NodeNames None { get; } = new([]);

    public static NodeNames Of(Roster roster) => new(roster.Entries.Where(e => !e.IsServer)
        .ToDictionary(e => new NodeId(Hash256.Of(e.PublicKey.Span)).ToString(), e => e.Name, StringComparer.Ordinal));

    /// <summary>The name, or null.</summary>
    public string? Of(string id) => _names.GetValueOrDefault(id);

    /// <summary>Name and short id, or the id alone.</summary>
    public string Show(string id) => _names.TryGetValue(id, out string? name) ? $"{name} ({id})" : id;
}
