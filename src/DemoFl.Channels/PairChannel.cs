using System.Security.Cryptography;

namespace DemoFl.Channels;

/// <summary>
/// A sealed channel between one holder and one party: AES-256-GCM under keys that a ratchet steps once a round and erases when the
/// round closes. Keys and counters exist in memory only, so a restarted process cannot reuse a nonce: it has no channel.
/// </summary>
/// <remarks>
/// <para>
/// The two directions have different keys. The nonce is the direction's counter (4 zero bytes, 8 bytes big-endian): it never repeats
/// under a key and is never random. A receiver accepts a sequence number once and only upwards; gaps are allowed. Whoever must send
/// again seals again.
/// </para>
/// <para>
/// The associated data is the length of the context (4 bytes big-endian), the context, and the sequence number (8 bytes big-endian).
/// The context says where the message belongs; a message moved to another place does not open (promise P7).
/// </para>
/// <para>
/// Not thread-safe: a channel has one owner. After <see cref="Dispose"/> every call throws <see cref="ObjectDisposedException"/>.
/// </para>
/// </remarks>
public sealed class PairChannel : IDisposable
{
    /// <summary>How many rounds past <see cref="Round"/> the channel can reach; beyond, the pair must agree on new keys.</summary>
    public const int MaxSkippedRounds = 4096;

    /// <summary>The longest plaintext, in bytes: 2 MiB, the message limit of the wire.</summary>
    public const int MaxPlaintextSize = 2 * 1024 * 1024;

    /// <summary>The longest context and the longest info of a seed, in bytes.</summary>
    public const int MaxContextSize = KeySchedule.MaxInfoSize;

    /// <summary>How much longer a ciphertext is than its plaintext: the 16-byte tag.</summary>
    public const int Overhead = TagSize;

    private const int TagSize = 16;

    // 2^63 - 1: out of reach in practice, and far from wrapping around should it ever be reached.
    private const ulong MaxSequence = long.MaxValue;

    private readonly RoundKeys _keys;
    private readonly ChannelRole _role;
    private ulong _lastSealed;
    private ulong _lastOpened;
    private bool _disposed;

    /// <param name="secret">The raw ECDH secret; not kept.</param>
    /// <param name="transcriptHash">32 bytes: the hash of offer and answer.</param>
    /// <param name="role">This end.</param>
    /// <param name="firstRound">The first round that the channel serves.</param>
    /// <param name="lastSealed">How many messages this end has sealed before; above zero in tests only.</param>
    internal PairChannel(
        ReadOnlySpan<byte> secret, ReadOnlySpan<byte> transcriptHash, ChannelRole role, ulong firstRound, ulong lastSealed = 0)
    {
        _role = role;
        _lastSealed = lastSealed;
        Span<byte> chainKey = stackalloc byte[KeySchedule.KeySize];
        KeySchedule.Root(secret, transcriptHash, firstRound, chainKey);
        _keys = new RoundKeys(firstRound, chainKey);
        CryptographicOperations.ZeroMemory(chainKey);
    }

    /// <summary>The oldest round whose keys still exist.</summary>
    public ulong Round => _keys.Oldest;

    private ChannelRole Peer => _role == ChannelRole.Holder ? ChannelRole.Party : ChannelRole.Holder;

    /// <summary>Seals a message under the keys of <paramref name="round"/> and uses up one sequence number.</summary>
    /// <param name="round">From <see cref="Round"/> to <see cref="MaxSkippedRounds"/> past it.</param>
    /// <param name="context">Where the message belongs, in canonical bytes; at most <see cref="MaxContextSize"/>.</param>
    /// <param name="plaintext">At most <see cref="MaxPlaintextSize"/> bytes; may be empty.</param>
    /// <exception cref="InvalidOperationException">The round is closed or out of reach, or all sequence numbers are used up.</exception>
    /// <exception cref="ArgumentException">The context or the plaintext is too long.</exception>
    public SealedMessage Seal(ulong round, ReadOnlySpan<byte> context, ReadOnlySpan<byte> plaintext)
    {
        RequireReach(round);
        RequireContext(context);
        if (plaintext.Length > MaxPlaintextSize)
        {
            throw new ArgumentException($"A message has at most {MaxPlaintextSize} bytes, not {plaintext.Length}.", nameof(plaintext));
        }

        if (_lastSealed >= MaxSequence)
        {
            throw new InvalidOperationException("All sequence numbers of this channel are used up; agree on a new one.");
        }

        _keys.AdvanceTo(round);
        ulong sequence = ++_lastSealed;
        byte[] ciphertext = new byte[plaintext.Length + TagSize];
        Span<byte> nonce = stackalloc byte[MessageFrame.NonceSize];
        Span<byte> associated = stackalloc byte[MessageFrame.AssociatedSize(context)];
        MessageFrame.WriteNonce(nonce, sequence);
        MessageFrame.WriteAssociated(associated, context, sequence);
        using AesGcm cipher = CipherOf(round, _role);
        cipher.Encrypt(nonce, plaintext, ciphertext.AsSpan(0, plaintext.Length), ciphertext.AsSpan(plaintext.Length), associated);
        return new SealedMessage(sequence, ciphertext);
    }

    /// <summary>
    /// Opens a message of the peer. An authentic message moves the channel forward: its sequence number is spent and the keys up to
    /// its round exist from then on, while those of earlier rounds stay until <see cref="CloseRound"/>. Any other message changes nothing.
    /// </summary>
    /// <remarks>
    /// Each round ahead costs a key derivation, about a microsecond, before a forgery shows: milliseconds at the limit. A host that knows
    /// which rounds can be open refuses the others first.
    /// </remarks>
    /// <param name="round">The round that the message says it belongs to.</param>
    /// <param name="sequence">The sequence number that came with it.</param>
    /// <param name="context">Where the message belongs, as the receiver sees it; at most <see cref="MaxContextSize"/>.</param>
    /// <param name="ciphertext">Ciphertext and tag, from an untrusted source: of any length and content.</param>
    /// <param name="plaintext">The opened message; empty when refused.</param>
    /// <returns><see cref="OpenFailure.None"/> when opened, else why not.</returns>
    /// <exception cref="ArgumentException">The context, which is the caller's own, is too long.</exception>
    public OpenFailure TryOpen(
        ulong round, ulong sequence, ReadOnlySpan<byte> context, ReadOnlySpan<byte> ciphertext, out byte[] plaintext)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireContext(context);
        plaintext = [];
        OpenFailure refusal = Screen(round, sequence, ciphertext.Length);
        if (refusal != OpenFailure.None)
        {
            return refusal;
        }

        byte[] opened = new byte[ciphertext.Length - TagSize];
        Span<byte> nonce = stackalloc byte[MessageFrame.NonceSize];
        Span<byte> associated = stackalloc byte[MessageFrame.AssociatedSize(context)];
        MessageFrame.WriteNonce(nonce, sequence);
        MessageFrame.WriteAssociated(associated, context, sequence);
        using AesGcm cipher = CipherOf(round, Peer);
        try
        {
            cipher.Decrypt(nonce, ciphertext[..opened.Length], ciphertext[opened.Length..], opened, associated);
        }
        catch (AuthenticationTagMismatchException)
        {
            return OpenFailure.NotAuthentic;
        }

        _keys.AdvanceTo(round);
        _lastOpened = sequence;
        plaintext = opened;
        return OpenFailure.None;
    }

    /// <summary>Derives the seed of a mask from the chain key of <paramref name="round"/>; both ends derive the same.</summary>
    /// <param name="round">From <see cref="Round"/> to <see cref="MaxSkippedRounds"/> past it.</param>
    /// <param name="info">What the seed is for, in canonical bytes; at most <see cref="MaxContextSize"/>.</param>
    /// <param name="seed">Filled; 1 to 8,160 bytes. A shorter seed under the same info is a prefix of a longer one.</param>
    /// <exception cref="InvalidOperationException">The round is closed or out of reach.</exception>
    /// <exception cref="ArgumentException">The info or the seed has a length outside its range.</exception>
    public void DeriveSeed(ulong round, ReadOnlySpan<byte> info, Span<byte> seed)
    {
        RequireReach(round);
        RequireContext(info);
        if (seed.Length is 0 or > KeySchedule.MaxSeedSize)
        {
            throw new ArgumentException($"A seed has 1 to {KeySchedule.MaxSeedSize} bytes, not {seed.Length}.", nameof(seed));
        }

        _keys.AdvanceTo(round);
        Span<byte> chainKey = stackalloc byte[KeySchedule.KeySize];
        _keys.CopyTo(round, chainKey);
        KeySchedule.Seed(chainKey, info, seed);
        CryptographicOperations.ZeroMemory(chainKey);
    }

    /// <summary>Erases the keys of every round up to and including <paramref name="round"/>. Closing a closed round does nothing.</summary>
    /// <exception cref="InvalidOperationException">The round is out of reach.</exception>
    public void CloseRound(ulong round)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_keys.IsClosed(round))
        {
            return;
        }

        RequireReach(round);
        if (round == ulong.MaxValue)
        {
            throw new InvalidOperationException("The last round number has no successor to move the keys to.");
        }

        _keys.Close(round);
    }

    /// <summary>Erases all keys.</summary>
    public void Dispose()
    {
        _disposed = true;
        _keys.Dispose();
    }

    /// <summary>The role and the oldest open round; nothing secret.</summary>
    public override string ToString() => $"PairChannel({_role}, from round {Round}, keys redacted)";

    private OpenFailure Screen(ulong round, ulong sequence, int ciphertextSize) =>
        _keys.IsClosed(round) ? OpenFailure.WrongRound
        : _keys.IsTooFarAhead(round) ? OpenFailure.TooFarAhead
        : sequence <= _lastOpened ? OpenFailure.Replayed
        : sequence > MaxSequence || ciphertextSize is < TagSize or > MaxPlaintextSize + TagSize ? OpenFailure.NotAuthentic
        : OpenFailure.None;

    private void RequireReach(ulong round)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_keys.IsClosed(round))
        {
            throw new InvalidOperationException($"Round {round} is closed: its keys are erased, the oldest open round is {Round}.");
        }

        if (_keys.IsTooFarAhead(round))
        {
            throw new InvalidOperationException(
                $"Round {round} is more than {MaxSkippedRounds} rounds past {Round}: agree on a new channel.");
        }
    }

    private static void RequireContext(ReadOnlySpan<byte> context)
    {
        if (context.Length > MaxContextSize)
        {
            throw new ArgumentException($"A context has at most {MaxContextSize} bytes, not {context.Length}.", nameof(context));
        }
    }

    private AesGcm CipherOf(ulong round, ChannelRole sender)
    {
        Span<byte> chainKey = stackalloc byte[KeySchedule.KeySize];
        Span<byte> messageKey = stackalloc byte[KeySchedule.KeySize];
        try
        {
            _keys.CopyTo(round, chainKey);
            KeySchedule.MessageKey(chainKey, sender, messageKey);
            return new AesGcm(messageKey, TagSize);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(chainKey);
            CryptographicOperations.ZeroMemory(messageKey);
        }
    }
}
