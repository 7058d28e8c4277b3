namespace Grpc.Core;

/// <summary>The outcome of a call, numbered as on the wire (gRPC, "Status codes and their use in gRPC").</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The call was cancelled, usually by the caller.</summary>
    Cancelled = 1,

    /// <summary>No better code is known, for example because the handler threw.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever the state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call completed.</summary>
    DeadlineExceeded = 4,

    /// <summary>Something the request names does not exist.</summary>
    NotFound = 5,

    /// <summary>Something the request would create exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota, queue or size limit is exhausted.</summary>
    ResourceExhausted = 8,

    /// <summary>The system is not in the state the request needs; retrying alone does not help.</summary>
    FailedPrecondition = 9,

    /// <summary>A concurrent change got in the way; retry from a higher level.</summary>
    Aborted = 10,

    /// <summary>The request goes past the valid range.</summary>
    OutOfRange = 11,

    /// <summary>The method is not implemented here.</summary>
    Unimplemented = 12,

    /// <summary>An invariant is broken.</summary>
    Internal = 13,

    /// <summary>The service cannot be reached now; retry with back-off.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or corrupt beyond recovery.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
