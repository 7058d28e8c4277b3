namespace DemoFl.Simulation;

/// <summary>
/// Signatures that nobody can forge: a statement counts as signed by a node when that node has put it in here. Who belongs is what the roster says.
/// </summary>
internal sealed class Signatures
{
    private readonly HashSet<(NodeId Signer, Hash256 Statement)> _made = [];
    private readonly HashSet<NodeId> _roster = [];

    public void Admit(NodeId node) => _roster.Add(node);

    public bool IsMember(NodeId node) => _roster.Contains(node);

    public void Sign(NodeId signer, byte[] statement) => _made.Add((signer, Hash256.Of(statement)));

    public bool Verify(NodeId signer, byte[] statement) => _roster.Contains(signer) && _made.Contains((signer, Hash256.Of(statement)));
}
