namespace DemoFl.Relay.Audit;

/// <summary>What sort of thing a line of the audit file tells. The names in the file are these in snake case, and stay as they are.</summary>
internal enum AuditKind
{
    /// <summary>A node was not admitted.</summary>
    JoinRefused,

    /// <summary>A message carried a signature that does not verify.</summary>
    BadSignature,

    /// <summary>A call or a message was refused.</summary>
    MessageRefused,

    /// <summary>What came was not TLS, HTTP or gRPC as these are specified.</summary>
    ProtocolViolation,

    /// <summary>A limit on size, number or rate was reached.</summary>
    LimitReached,

    /// <summary>Something due did not come in time.</summary>
    DeadlineExpired,

    /// <summary>A receiver took too little for too long and was dropped.</summary>
    SlowReader,

    /// <summary>An admitted node said what its place in the federation does not let it say; it was not listened to.</summary>
    OutOfRole,
}
