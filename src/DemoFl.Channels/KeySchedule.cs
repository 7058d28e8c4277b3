using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DemoFl.Channels;

/// <summary>
/// Every derivation of a pair channel, in one place. All are HKDF-SHA256 (RFC 5869); all keys have 32 bytes.
/// <code>
/// K              = HKDF-Extract(salt = transcript hash, ikm = ECDH secret)
/// chain_first    = HKDF-Expand(K,       "root" || first round, 8 bytes big-endian)
/// chain_(r+1)    = HKDF-Expand(chain_r, "step")
/// message key    = HKDF-Expand(chain_r, "seal" || direction, 1 byte)
/// seed           = HKDF-Expand(chain_r, "mask" || info)
/// </code>
/// No label is a prefix of another, so no two derivations from one key can meet.
/// </summary>
internal static class KeySchedule
{
    public const int KeySize = 32;
    public const int TranscriptHashSize = SHA256.HashSizeInBytes;

    /// <summary>The longest caller-supplied info of a seed, in bytes.</summary>
    public const int MaxInfoSize = 4096;

    /// <summary>The longest output of HKDF-SHA256: 255 blocks (RFC 5869, section 2.3).</summary>
    public const int MaxSeedSize = 255 * SHA256.HashSizeInBytes;

    private static readonly HashAlgorithmName Hash = HashAlgorithmName.SHA256;

    /// <summary>Derives the chain key of <paramref name="firstRound"/> from what the key agreement gave.</summary>
    public static void Root(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> transcriptHash, ulong firstRound, Span<byte> chainKey)
    {
        Span<byte> agreed = stackalloc byte[KeySize];
        try
        {
            HKDF.Extract(Hash, secret, transcriptHash, agreed);
            // Two ends that disagree on the first round would otherwise share keys under shifted round numbers.
            Span<byte> info = stackalloc byte[4 + sizeof(ulong)];
            "root"u8.CopyTo(info);
            BinaryPrimitives.WriteUInt64BigEndian(info[4..], firstRound);
            HKDF.Expand(Hash, agreed, chainKey, info);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(agreed);
        }
    }

    /// <summary>Derives the next round's chain key. The two spans may be the same memory.</summary>
    public static void Step(ReadOnlySpan<byte> chainKey, Span<byte> nextChainKey)
    {
        Span<byte> next = stackalloc byte[KeySize];
        HKDF.Expand(Hash, chainKey, next, "step"u8);
        next.CopyTo(nextChainKey);
        CryptographicOperations.ZeroMemory(next);
    }

    /// <summary>Derives the key under which <paramref name="sender"/> seals in the round of <paramref name="chainKey"/>.</summary>
    public static void MessageKey(ReadOnlySpan<byte> chainKey, ChannelRole sender, Span<byte> messageKey)
    {
        ReadOnlySpan<byte> info = sender == ChannelRole.Holder ? "seal\x01"u8 : "seal\x02"u8;
        HKDF.Expand(Hash, chainKey, messageKey, info);
    }

    /// <summary>Derives a mask seed of any length up to <see cref="MaxSeedSize"/>.</summary>
    public static void Seed(ReadOnlySpan<byte> chainKey, ReadOnlySpan<byte> info, Span<byte> seed)
    {
        Span<byte> labelled = stackalloc byte[4 + info.Length];
        "mask"u8.CopyTo(labelled);
        info.CopyTo(labelled[4..]);
        HKDF.Expand(Hash, chainKey, seed, labelled);
    }
}
