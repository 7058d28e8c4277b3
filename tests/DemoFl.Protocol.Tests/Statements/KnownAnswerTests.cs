namespace DemoFl.Protocol.Tests.Statements;

/// <summary>Statements against a second implementation, written from the documentation in another language.</summary>
public class KnownAnswerTests
{
    private static readonly IReadOnlyDictionary<string, string> Vectors = VectorFile.Read("statements.vectors");

    [Fact]
    public void LeaderSet_KnownValue_HasTheKnownBytesAndHash()
    {
        AssertBytes("leaders", Known.Leaders.Statement());
        Assert.Equal(Vectors["leaders_hash"], Known.Leaders.Digest.ToString());
    }

    [Fact]
    public void RoundSpec_KnownValue_HasTheKnownBytesAndHash()
    {
        AssertBytes("spec", Known.Spec.Statement());
        Assert.Equal(Vectors["spec_hash"], Known.Spec.Digest.ToString());
    }

    [Fact]
    public void PartySet_KnownValueInAnyOrder_HasTheKnownHash() => Assert.Equal(Vectors["b_hash"], Known.B.Digest.ToString());

    [Fact]
    public void UploadStatement_KnownValue_HasTheKnownBytes() =>
        AssertBytes("uploaded", Known.B.UploadStatement(Known.Run, new Round(42), Attempt.First));

    [Fact]
    public void RoundDigest_KnownValue_HasTheKnownBytes() => AssertBytes("digest", Known.Digest.Statement());

    [Fact]
    public void SealContext_KnownValue_HasTheKnownBytes() => AssertBytes("sealed", Known.Context.Statement());

    [Fact]
    public void MaskContext_KnownValue_HasTheKnownBytes() => AssertBytes(
        "mask", MaskContext.Statement(Known.Run, new Round(42), new Slot(2), new Nonce(Known.Fill(0xC1)), Known.Leaders.Digest, Known.Spec.Digest));

    [Fact]
    public void KeyOffer_KnownValue_HasTheKnownBytes() => AssertBytes("offer", Known.Offer.Statement());

    [Fact]
    public void KeyAnswer_KnownValue_HasTheKnownBytesAndTranscript()
    {
        AssertBytes("answer", Known.Answer.Statement());
        Assert.Equal(Vectors["transcript_hash"], KeyAnswer.Transcript(Known.Offer, Known.Answer).ToString());
    }

    [Fact]
    public void JoinStatement_KnownValue_HasTheKnownBytes() => AssertBytes("join", Known.Join.Statement());

    [Fact]
    public void RunHead_KnownValue_HasTheKnownBytes() => AssertBytes("head", Known.Head.Statement());

    [Fact]
    public void Replacement_KnownValue_HasTheKnownBytes() => AssertBytes("replacement", Known.Replacement.Statement());

    private static void AssertBytes(string name, byte[] actual) => Assert.Equal(Vectors[name], Convert.ToHexStringLower(actual));
}
