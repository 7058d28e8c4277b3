using DemoFl.Interop.Tests.Peers;

namespace DemoFl.Interop.Tests;

/// <summary>Node's client against our server.</summary>
public sealed class NodeClientTests(PeerClient<NodePeer> client) : PeerClientTests<NodePeer>(client);
