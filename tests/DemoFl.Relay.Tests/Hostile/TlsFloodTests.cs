namespace DemoFl.Relay.Tests.Hostile;

/// <summary>The contract over TLS.</summary>
public sealed class TlsFloodTests() : FloodContract(useTls: true);
