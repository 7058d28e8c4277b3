namespace DemoFl.Relay.Peers;

/// <summary>The server's two ports.</summary>
internal enum PortKind
{
    /// <summary>HTTP/2 and gRPC.</summary>
    Grpc,

    /// <summary>HTTP/1.1 and read-only.</summary>
    Pages,
}
