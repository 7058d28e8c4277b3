using DemoFl.Interop.Tests.Peers;

namespace DemoFl.Interop.Tests;

/// <summary>Our client against Python's server over TLS.</summary>
public sealed class PythonTlsServerTests(PeerTlsServer<PythonPeer> server) : PeerTlsServerTests<PythonPeer>(server);
