using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DemoFl.Channels.Tests;

/// <summary>The channel against a second implementation (Vectors/channel.py), on the keys of RFC 5903, section 8.1.</summary>
public sealed class ChannelVectorTests
{
    private readonly IReadOnlyDictionary<string, byte[]> _vector = VectorFile.Read("channel.vectors").Single();

    private ulong FirstRound => BinaryPrimitives.ReadUInt64BigEndian(_vector["first_round"]);

    [Fact]
    public void PublicKey_OfAFixedPrivateKey_IsTheUncompressedPoint()
    {
        using AgreementKey key = Key("holder");
        Assert.Equal(_vector["holder_public"], key.PublicKey.ToArray());
    }

    [Fact]
    public void KeySchedule_FixedSecretAndTranscript_GivesTheChainKeys()
    {
        byte[] chainKey = new byte[32];
        KeySchedule.Root(_vector["secret"], _vector["transcript"], FirstRound, chainKey);
        Assert.Equal(_vector["chain_7"], chainKey);
        KeySchedule.Step(chainKey, chainKey);
        Assert.Equal(_vector["chain_8"], chainKey);
        KeySchedule.Step(chainKey, chainKey);
        Assert.Equal(_vector["chain_9"], chainKey);
    }

    [Fact]
    public void Seal_FixedKeys_GivesTheSealedBytes()
    {
        using Pair pair = Agree();
        SealedMessage fromHolder = pair.Holder.Seal(7, _vector["context"], _vector["plaintext"]);
        Assert.Equal(1UL, fromHolder.Sequence);
        Assert.Equal(_vector["holder_sealed_round_7_sequence_1"], fromHolder.Ciphertext);
        SealedMessage first = pair.Party.Seal(7, _vector["context"], _vector["plaintext"]);
        SealedMessage second = pair.Party.Seal(9, _vector["context"], _vector["plaintext"]);
        SealedMessage third = pair.Party.Seal(9, [], []);
        Assert.Equal(_vector["party_sealed_round_7_sequence_1"], first.Ciphertext);
        Assert.Equal(_vector["party_sealed_round_9_sequence_2"], second.Ciphertext);
        Assert.Equal(_vector["party_sealed_empty_round_9_sequence_3"], third.Ciphertext);
    }

    [Fact]
    public void TryOpen_BytesOfTheOtherImplementation_Opens()
    {
        using Pair pair = Agree();
        OpenFailure failure = pair.Holder.TryOpen(
            9, 2, _vector["context"], _vector["party_sealed_round_9_sequence_2"], out byte[] plaintext);
        Assert.Equal(OpenFailure.None, failure);
        Assert.Equal(_vector["plaintext"], plaintext);
    }

    [Fact]
    public void DeriveSeed_FixedKeys_GivesTheSeedBytesAtBothEnds()
    {
        using Pair pair = Agree();
        byte[] seed7 = new byte[32];
        byte[] seed9 = new byte[48];
        foreach (PairChannel end in (PairChannel[])[pair.Holder, pair.Party])
        {
            end.DeriveSeed(7, _vector["info"], seed7);
            end.DeriveSeed(9, _vector["info"], seed9);
            Assert.Equal(_vector["seed_round_7"], seed7);
            Assert.Equal(_vector["seed_round_9"], seed9);
        }
    }

    private Pair Agree()
    {
        using AgreementKey holder = Key("holder");
        using AgreementKey party = Key("party");
        return new Pair(
            holder.Agree(_vector["party_public"], _vector["transcript"], ChannelRole.Holder, FirstRound),
            party.Agree(_vector["holder_public"], _vector["transcript"], ChannelRole.Party, FirstRound));
    }

    private AgreementKey Key(string owner)
    {
        byte[] point = _vector[$"{owner}_public"];
        return new AgreementKey(ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = _vector[$"{owner}_private"],
            Q = new ECPoint { X = point[1..33], Y = point[33..] },
        }));
    }
}
