using DemoFl.Channels;
using DemoFl.Protocol;
using DemoFl.V1;
using Google.Protobuf;

namespace DemoFl.Node.Sealing;

/// <summary>A pair channel with who is at its other end and which slot it serves. Not thread-safe.</summary>
/// <param name="keys">The channel.</param>
/// <param name="peer">Who is at the other end.</param>
/// <param name="offer">The offer that it was made of.</param>
/// <param name="publicKey">The peer's identity key, as judged when the channel was made.</param>
internal sealed class PeerChannel(PairChannel keys, NodeId peer, KeyOffer offer, ReadOnlyMemory<byte> publicKey) : IDisposable
{
    public NodeId Peer => peer;

    public Slot Slot => offer.Slot;

    /// <summary>The term in which the slot was taken, to which the channel's first messages belong.</summary>
    public Term Since => offer.Term;

    public ReadOnlyMemory<byte> PublicKey => publicKey;

    /// <summary>Something the peer sealed has opened.</summary>
    public bool Confirmed { get; private set; }

    /// <summary>The oldest round whose keys still exist.</summary>
    public Round Oldest => new(keys.Round);

    /// <summary>Whether the keys of a round can be had.</summary>
    public bool Reaches(Round round) => round.Value >= keys.Round && round.Value - keys.Round <= PairChannel.MaxSkippedRounds;

    public PeerFrame Seal(SealContext context, bool toHolder, ReadOnlySpan<byte> content)
    {
        var message = keys.Seal(context.Round.Value, context.Statement(), content);
        return new PeerFrame
        {
            Sealed = new Sealed
            {
                Slot = (uint)Slot.Index, Term = context.Term.Value, Round = context.Round.Value, Attempt = (uint)context.Attempt.Number,
                Kind = (uint)context.Kind, Sequence = message.Sequence, ToHolder = toHolder,
                Ciphertext = UnsafeByteOperations.UnsafeWrap(message.Ciphertext),
            },
        };
    }

    /// <summary>Opens what the peer sealed in this context; the caller clears the plaintext.</summary>
    public OpenFailure TryOpen(SealContext context, Sealed message, out byte[] plaintext)
    {
        var failure = keys.TryOpen(message.Round, message.Sequence, context.Statement(), message.Ciphertext.Span, out plaintext);
        Confirmed |= failure == OpenFailure.None;
        return failure;
    }

    /// <summary>The seed of a mask; 32 bytes that the caller clears.</summary>
    public byte[] Seed(RoundSpec spec, LeaderSet leaders, Nonce nonce)
    {
        var seed = new byte[Sharing.MaskSeed.Size];
        byte[] info = MaskContext.Statement(spec.Run, spec.Round, Slot, nonce, leaders.Digest, spec.Digest);
        keys.DeriveSeed(spec.Round.Value, info, seed);
        return seed;
    }

    /// <summary>
    /// Steps past a round, and says whether the channel still serves: one whose keys do not reach so far is of no use any more. One whose first
    /// message is still under way keeps its first keys for it.
    /// </summary>
    public bool Close(Round round)
    {
        if (!Confirmed || keys.Round > round.Value)
        {
            return true;
        }

        if (!Reaches(round))
        {
            return false;
        }

        keys.CloseRound(round.Value);
        return true;
    }

    /// <summary>Erases the keys.</summary>
    public void Dispose() => keys.Dispose();
}
