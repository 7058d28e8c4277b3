namespace DemoFl.Rpc.Tests.Contract;

/// <summary>The contract over TLS.</summary>
public sealed class TlsEndingTests() : EndingContract(tls: true);
