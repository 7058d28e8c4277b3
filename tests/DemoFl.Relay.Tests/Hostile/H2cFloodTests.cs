namespace DemoFl.Relay.Tests.Hostile;

/// <summary>The contract in plaintext.</summary>
public sealed class H2cFloodTests() : FloodContract(useTls: false);
