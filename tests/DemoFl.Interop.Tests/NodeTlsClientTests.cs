using DemoFl.Interop.Tests.Peers;

namespace DemoFl.Interop.Tests;

/// <summary>Node's client against our server over TLS.</summary>
public sealed class NodeTlsClientTests(PeerTlsClient<NodePeer> client) : PeerTlsClientTests<NodePeer>(client);
