using DemoFl.Interop.Tests.Peers;

namespace DemoFl.Interop.Tests;

/// <summary>Our client against Node's server over TLS.</summary>
public sealed class NodeTlsServerTests(PeerTlsServer<NodePeer> server) : PeerTlsServerTests<NodePeer>(server);
