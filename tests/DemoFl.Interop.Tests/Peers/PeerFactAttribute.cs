using Xunit.Sdk;

namespace DemoFl.Interop.Tests.Peers;

/// <summary>A test that needs the peer which its class takes as a type argument; skipped, with the reason, where the peer is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("DemoFl.Interop.Tests.Peers.PeerTestCaseDiscoverer", "DemoFl.Interop.Tests")]
public sealed class PeerFactAttribute : FactAttribute;
