namespace DemoFl.Rpc.Tests.Contract;

/// <summary>The contract over TLS.</summary>
public sealed class TlsMisuseTests() : MisuseContract(tls: true);
