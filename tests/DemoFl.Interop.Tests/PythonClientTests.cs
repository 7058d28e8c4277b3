using DemoFl.Interop.Tests.Peers;

namespace DemoFl.Interop.Tests;

/// <summary>Python's client against our server.</summary>
public sealed class PythonClientTests(PeerClient<PythonPeer> client) : PeerClientTests<PythonPeer>(client);
