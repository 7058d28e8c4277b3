namespace DemoFl.Relay.Tests.Hostile;

/// <summary>The contract in plaintext.</summary>
public sealed class H2cFrameTests() : FrameContract(useTls: false);
