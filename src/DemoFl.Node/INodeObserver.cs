using DemoFl.Protocol;

namespace DemoFl.Node;

/// <summary>Watches a node. Called from the node's loop; must return quickly and not throw.</summary>
public interface INodeObserver
{
    /// <summary>Something happened.</summary>
    void On(string node, NodeEvent happened);
}
