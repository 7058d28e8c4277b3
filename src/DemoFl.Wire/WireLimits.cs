using DemoFl.Protocol;

namespace DemoFl.Wire;

/// <summary>Bounds on what a message may carry; protobuf itself has none beyond the message size.</summary>
public static class WireLimits
{
    /// <summary>The largest message on any stream, in bytes.</summary>
    public const int MaxMessageBytes = 2 * 1024 * 1024;

    /// <summary>
    /// Vectors travel in pieces of this size: below the large-object threshold, above the cost of a message, and with their framing 64 KiB at most,
    /// which are four full frames of HTTP/2 and a block of the receiver's memory; a few bytes more cost a fifth.
    /// </summary>
    public const int PieceBytes = (64 * 1024) - 64;

    /// <summary>The largest envelope of a bulk transfer through the relay: a piece, its seal and its framing.</summary>
    public const int MaxEnvelopeBytes = PieceBytes + 4096;

    /// <summary>The largest envelope on a link: the ids of all parties that a leader holds the masks of, each with its field's two bytes.</summary>
    public const int MaxLinkEnvelopeBytes = (MaxParties * (Hash256.Size + 2)) + 4096;

    /// <summary>The longest reason or name, in characters.</summary>
    public const int MaxText = 1024;

    /// <summary>The largest public key, certificate or signature, in bytes.</summary>
    public const int MaxCredentialBytes = 8 * 1024;

    /// <summary>A mask's seed, in bytes.</summary>
    public const int SeedBytes = 32;

    /// <summary>The most slots a leader set may have.</summary>
    public const int MaxSlots = 15;

    /// <summary>The most tensors a model may have: with names and dimensions as long as they may be, they fit one message.</summary>
    public const int MaxTensors = 4_096;

    /// <summary>The longest name of a tensor, in bytes of UTF-8.</summary>
    public const int MaxTensorNameBytes = 256;

    /// <summary>The most dimensions of a tensor.</summary>
    public const int MaxTensorRank = 8;

    /// <summary>The largest clip of a training round; the smallest is its inverse (DESIGN section 13).</summary>
    public const double MaxClip = 1024;

    /// <summary>The most parties a set may name.</summary>
    public const int MaxParties = RoundSpec.MaxParticipants;
}
