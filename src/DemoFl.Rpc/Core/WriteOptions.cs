namespace Grpc.Core;

/// <summary>How messages are written. Immutable.</summary>
public sealed class WriteOptions
{
    /// <summary>Every message is sent at once.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>Creates options.</summary>
    public WriteOptions(WriteFlags flags = default) => Flags = flags;

    /// <summary>The flags.</summary>
    public WriteFlags Flags { get; }
}
