using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>How a message is written; the default value sends it at once.</summary>
[Flags]
[SuppressMessage("Design", "CA1008:Enums should have zero value", Justification = "The public gRPC API has no name for zero.")]
public enum WriteFlags
{
    /// <summary>The message may wait for the next one; it is sent with the first message that lacks this flag or at the end.</summary>
    BufferHint = 0x1,

    /// <summary>The message is not compressed, even if the call compresses.</summary>
    NoCompress = 0x2,
}
