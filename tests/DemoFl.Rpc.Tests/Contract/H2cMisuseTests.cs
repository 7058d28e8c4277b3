namespace DemoFl.Rpc.Tests.Contract;

/// <summary>The contract over HTTP/2 without TLS.</summary>
public sealed class H2cMisuseTests() : MisuseContract(tls: false);
