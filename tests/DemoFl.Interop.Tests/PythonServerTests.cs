using DemoFl.Interop.Tests.Peers;

namespace DemoFl.Interop.Tests;

/// <summary>Our client against Python's server.</summary>
public sealed class PythonServerTests(PeerServer<PythonPeer> server) : PeerServerTests<PythonPeer>(server);
