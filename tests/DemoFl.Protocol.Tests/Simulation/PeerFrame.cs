namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>What nodes send each other by way of the relay. Signatures and seals are trusted: a record is what it says.</summary>
internal abstract record PeerFrame
{
    private PeerFrame()
    {
    }

    /// <summary>A party's half of a key agreement.</summary>
    public sealed record Answered(SignedAnswer Answer) : PeerFrame;

    /// <summary>Opens only under <paramref name="Key"/>, and only once. <paramref name="ToHolder"/> is the channel's direction.</summary>
    public sealed record Sealed(SealContext Context, bool ToHolder, ulong Sequence, Hash256 Key, SealedContent Content) : PeerFrame;
}

/// <summary>What a seal hides.</summary>
internal abstract record SealedContent
{
    private SealedContent()
    {
    }

    /// <summary>For the machine.</summary>
    public sealed record Said(PeerMessage Message) : SealedContent;

    /// <summary>For the host: a whole vector of the rotating layout.</summary>
    public sealed record Vector(Round Round, uint[] Words) : SealedContent;
}
