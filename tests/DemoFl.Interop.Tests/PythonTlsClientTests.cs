using DemoFl.Interop.Tests.Peers;

namespace DemoFl.Interop.Tests;

/// <summary>Python's client against our server over TLS.</summary>
public sealed class PythonTlsClientTests(PeerTlsClient<PythonPeer> client) : PeerTlsClientTests<PythonPeer>(client);
