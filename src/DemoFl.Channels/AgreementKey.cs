using System.Security.Cryptography;

namespace DemoFl.Channels;

/// <summary>
/// A fresh ECDH P-256 key: one per slot for the holder that offers it, one per answer for a party. Lives in memory only.
/// Thread-safe: agreements under one key take turns.
/// </summary>
public sealed class AgreementKey : IDisposable
{
    /// <summary>The size of a public key: an uncompressed point, 0x04 || X || Y (SEC 1, section 2.3.3).</summary>
    public const int PublicKeySize = 1 + (2 * CoordinateSize);

    /// <summary>The size of a transcript hash: SHA-256.</summary>
    public const int TranscriptHashSize = KeySchedule.TranscriptHashSize;

    private const int CoordinateSize = 32;
    private const byte Uncompressed = 0x04;

    private readonly Lock _gate = new();
    private readonly ECDiffieHellman _key;
    private readonly byte[] _publicKey;
    private bool _disposed;

    internal AgreementKey(ECDiffieHellman key)
    {
        _key = key;
        ECPoint point = key.ExportParameters(includePrivateParameters: false).Q;
        _publicKey = [Uncompressed, .. point.X!, .. point.Y!];
    }

    /// <summary>Makes a new random key.</summary>
    public static AgreementKey Create() => new(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>The uncompressed point, 65 bytes.</summary>
    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    /// <summary>Opens the pair channel with the owner of <paramref name="peerPublicKey"/>.</summary>
    /// <param name="peerPublicKey">The peer's <see cref="PublicKey"/>, from an untrusted source.</param>
    /// <param name="transcriptHash">
    /// 32 bytes: the hash of the offer and the answer. Ends that differ in one bit of it share no key, and notice at the first message.
    /// </param>
    /// <param name="role">This end; the peer takes the other.</param>
    /// <param name="firstRound">The first round that the channel serves; the same at both ends.</param>
    /// <exception cref="ArgumentException">
    /// The peer's key is malformed, not on the curve, or this very key; or the transcript hash is not 32 bytes; or the role is neither.
    /// </exception>
    public PairChannel Agree(
        ReadOnlySpan<byte> peerPublicKey, ReadOnlySpan<byte> transcriptHash, ChannelRole role, ulong firstRound)
    {
        if (transcriptHash.Length != TranscriptHashSize)
        {
            throw new ArgumentException(
                $"A transcript hash has {TranscriptHashSize} bytes, not {transcriptHash.Length}.", nameof(transcriptHash));
        }

        if (role is not (ChannelRole.Holder or ChannelRole.Party))
        {
            throw new ArgumentOutOfRangeException(nameof(role), role, "A channel's end is the holder or the party.");
        }

        // A reflected key would make this process its own peer.
        if (peerPublicKey.SequenceEqual(_publicKey))
        {
            throw new ArgumentException("The peer's key is this end's own key.", nameof(peerPublicKey));
        }

        using ECDiffieHellman peer = Import(peerPublicKey);
        using ECDiffieHellmanPublicKey peerKey = peer.PublicKey;
        byte[]? secret = null;
        try
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                secret = _key.DeriveRawSecretAgreement(peerKey);
            }

            return new PairChannel(secret, transcriptHash, role, firstRound);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Erases the private key. Channels agreed under it live on.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _key.Dispose();
        }
    }

    /// <summary>The type's name; nothing secret.</summary>
    public override string ToString() => "AgreementKey(redacted)";

    private static ECDiffieHellman Import(ReadOnlySpan<byte> publicKey)
    {
        const string Malformed = "The peer's key is not an uncompressed point on P-256.";
        if (publicKey.Length != PublicKeySize || publicKey[0] != Uncompressed)
        {
            throw new ArgumentException(Malformed, nameof(publicKey));
        }

        try
        {
            // The platform refuses points that are not on the curve; P-256 has prime order, so there are no small subgroups.
            return ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint
                {
                    X = publicKey.Slice(1, CoordinateSize).ToArray(),
                    Y = publicKey[(1 + CoordinateSize)..].ToArray(),
                },
            });
        }
        catch (CryptographicException cause)
        {
            throw new ArgumentException(Malformed, nameof(publicKey), cause);
        }
    }
}
