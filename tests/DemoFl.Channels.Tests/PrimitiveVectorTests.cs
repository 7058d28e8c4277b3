using System.Security.Cryptography;

namespace DemoFl.Channels.Tests;

/// <summary>The platform's primitives give the published answers when called as the channels call them.</summary>
public sealed class PrimitiveVectorTests
{
    [Fact]
    public void Hkdf_Rfc5869Cases_GiveThePublishedKeys()
    {
        var cases = VectorFile.Read("hkdf.vectors");
        Assert.Equal(3, cases.Count);
        foreach (var vector in cases)
        {
            byte[] prk = new byte[32];
            HKDF.Extract(HashAlgorithmName.SHA256, vector["ikm"], vector["salt"], prk);
            Assert.Equal(vector["prk"], prk);
            byte[] okm = new byte[vector["okm"].Length];
            HKDF.Expand(HashAlgorithmName.SHA256, prk, okm, vector["info"]);
            Assert.Equal(vector["okm"], okm);
        }
    }

    [Fact]
    public void AesGcm_PublishedAes256Cases_GiveThePublishedCiphertexts()
    {
        var cases = VectorFile.Read("aes256gcm.vectors");
        Assert.Equal(4, cases.Count);
        foreach (var vector in cases)
        {
            using var cipher = new AesGcm(vector["key"], 16);
            byte[] ciphertext = new byte[vector["plaintext"].Length];
            byte[] tag = new byte[16];
            cipher.Encrypt(vector["nonce"], vector["plaintext"], ciphertext, tag, vector["associated"]);
            Assert.Equal(vector["ciphertext"], ciphertext);
            Assert.Equal(vector["tag"], tag);
        }
    }
}
