namespace DemoFl.Simulation;

/// <summary>What nodes send each other by way of the relay. Whoever made it, a seal opens only for who has its key.</summary>
internal abstract record PeerFrame
{
    private PeerFrame()
    {
    }

    /// <summary>A party's half of a key agreement.</summary>
    public sealed record Answered(SignedAnswer Answer) : PeerFrame;

    /// <summary>
    /// Opens only under <paramref name="Key"/>, only once, and only in the place that it was sealed for, whatever it says on it.
    /// <paramref name="ToHolder"/> is the channel's direction.
    /// </summary>
    public sealed record Sealed(SealContext Context, bool ToHolder, ulong Sequence, Hash256 Key, SealedContent Content) : PeerFrame
    {
        private readonly SealContext _boundTo = Context;
        private readonly bool _sealedToHolder = ToHolder;

        /// <summary>Whether the seal holds with this associated data: the one it was made with.</summary>
        /// <exception cref="InvariantException">Another place has the same bytes (promise P7).</exception>
        public bool IsBoundTo(SealContext context, bool toHolder)
        {
            if (context == _boundTo || ReferenceEquals(Context, _boundTo))
            {
                return context == _boundTo && toHolder == _sealedToHolder;
            }

            Promise.Require(
                !context.Statement().AsSpan().SequenceEqual(_boundTo.Statement()),
                $"P7: a {_boundTo.Kind} moved to another place has the same associated data");
            return false;
        }
    }
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

    /// <summary>For the host: a party's seed of a slot that was filled anew; none where the slot keeps the vector.</summary>
    public sealed record Seed(Round Round, Nonce Nonce, Hash256? Mask) : SealedContent;
}
