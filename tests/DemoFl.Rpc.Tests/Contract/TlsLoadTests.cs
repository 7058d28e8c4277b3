namespace DemoFl.Rpc.Tests.Contract;

/// <summary>The contract over TLS.</summary>
public sealed class TlsLoadTests() : LoadContract(tls: true);
