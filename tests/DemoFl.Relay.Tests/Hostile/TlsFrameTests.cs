namespace DemoFl.Relay.Tests.Hostile;

/// <summary>The contract over TLS.</summary>
public sealed class TlsFrameTests() : FrameContract(useTls: true);
