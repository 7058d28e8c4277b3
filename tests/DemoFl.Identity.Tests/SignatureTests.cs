using System.Security.Cryptography;
using System.Text;

namespace DemoFl.Identity.Tests;

public sealed class SignatureTests
{
    private static readonly byte[] Statement = "statement"u8.ToArray();

    [Fact]
    public void Verify_SignatureOfTheOtherImplementation_IsTrue()
    {
        Dictionary<string, byte[]> vector = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Vectors", "signature.vectors"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(" = "))
            .ToDictionary(parts => parts[0], parts => Convert.FromHexString(parts[1]));
        string domain = Encoding.ASCII.GetString(vector["domain"]);
        Assert.True(Signature.Verify(vector["public_key"], domain, vector["statement"], vector["signature"]));
        Assert.Equal(vector["id"], IdentityPublicKey.IdOf(vector["public_key"]));
    }

    [Fact]
    public void Verify_OwnSignature_IsTrueForThisKeyDomainAndStatementOnly()
    {
        using IdentityKey key = IdentityKey.Create();
        using IdentityKey other = IdentityKey.Create();
        byte[] signature = key.Sign("offer", Statement);
        Assert.Equal(Signature.Size, signature.Length);
        Assert.True(Signature.Verify(key.PublicKey.Span, "offer", Statement, signature));
        Assert.False(Signature.Verify(other.PublicKey.Span, "offer", Statement, signature));
        Assert.False(Signature.Verify(key.PublicKey.Span, "answer", Statement, signature));
        Assert.False(Signature.Verify(key.PublicKey.Span, "offer", [.. Statement, 0], signature));
        Assert.False(Signature.Verify(key.PublicKey.Span, "offer", [], signature));
    }

    [Fact]
    public void Verify_BytesMovedBetweenDomainAndStatement_IsFalse()
    {
        using IdentityKey key = IdentityKey.Create();
        byte[] signature = key.Sign("offer", "abc"u8);
        Assert.False(Signature.Verify(key.PublicKey.Span, "offera", "bc"u8, signature));
        Assert.False(Signature.Verify(key.PublicKey.Span, "offe", "rabc"u8, signature));
    }

    [Fact]
    public void Verify_AnyBitOfTheSignatureAltered_IsFalse()
    {
        using IdentityKey key = IdentityKey.Create();
        byte[] signature = key.Sign("offer", Statement);
        for (int bit = 0; bit < 8 * Signature.Size; bit++)
        {
            byte[] altered = [.. signature];
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Signature.Verify(key.PublicKey.Span, "offer", Statement, altered));
        }
    }

    [Fact]
    public void Verify_MalformedSignatureOrDomain_IsFalse()
    {
        using IdentityKey key = IdentityKey.Create();
        byte[] signature = key.Sign("offer", Statement);
        byte[] tooLarge = [.. Enumerable.Repeat((byte)0xFF, 64)];
        byte[][] malformed = [[], [0], new byte[64], tooLarge, signature[..63], [.. signature, 0], new byte[72]];
        Assert.All(malformed, bytes => Assert.False(Signature.Verify(key.PublicKey.Span, "offer", Statement, bytes)));
        string[] domains = ["", "off er", "offér", new string('a', 65), null!];
        Assert.All(domains, domain => Assert.False(Signature.Verify(key.PublicKey.Span, domain, Statement, signature)));
    }

    [Fact]
    public void Verify_MalformedPublicKey_IsFalse()
    {
        using IdentityKey key = IdentityKey.Create();
        byte[] signature = key.Sign("offer", Statement);
        foreach (byte[] publicKey in MalformedKeys(key))
        {
            Assert.False(IdentityPublicKey.IsValid(publicKey));
            Assert.False(Signature.Verify(publicKey, "offer", Statement, signature));
        }
    }

    [Fact]
    public void IsValid_AnyByteOfAKeyAltered_IsFalse()
    {
        // Of the points with one coordinate given, at most three are on the curve; one flipped bit of the other does not lead to another.
        using IdentityKey key = IdentityKey.Create();
        Assert.True(IdentityPublicKey.IsValid(key.PublicKey.Span));
        for (int index = 0; index < IdentityPublicKey.Size; index++)
        {
            byte[] altered = key.PublicKey.ToArray();
            altered[index] ^= 1;
            Assert.False(IdentityPublicKey.IsValid(altered), $"byte {index} of {Convert.ToHexString(key.PublicKey.Span)}");
        }
    }

    [Fact]
    public void Sign_MalformedDomain_Throws()
    {
        using IdentityKey key = IdentityKey.Create();
        string[] malformed = ["", "off er", "offér", new string('a', 65)];
        Assert.All(malformed, bad => Assert.Throws<ArgumentException>("domain", () => key.Sign(bad, Statement)));
        Assert.Equal(Signature.Size, key.Sign(new string('a', 64), Statement).Length);
    }

    [Fact]
    public async Task Sign_ManyThreadsAtOnce_AllVerify()
    {
        using IdentityKey key = IdentityKey.Create();
        bool[] verified = await Task.WhenAll(Enumerable.Range(0, 32).Select(index => Task.Run(() =>
        {
            byte[] statement = BitConverter.GetBytes(index);
            return Signature.Verify(key.PublicKey.Span, "offer", statement, key.Sign("offer", statement));
        })));
        Assert.DoesNotContain(false, verified);
    }

    private static IEnumerable<byte[]> MalformedKeys(IdentityKey key)
    {
        byte[] encoded = key.PublicKey.ToArray();
        yield return [];
        yield return [0x30];
        yield return new byte[IdentityPublicKey.Size];
        yield return encoded[..^1];
        yield return [.. encoded, 0];
        yield return [.. encoded[..27], .. new byte[64]];
        using (var otherCurve = ECDsa.Create(ECCurve.NamedCurves.nistP384))
        {
            yield return otherCurve.ExportSubjectPublicKeyInfo();
        }

        using (var rsa = RSA.Create(2048))
        {
            yield return rsa.ExportSubjectPublicKeyInfo();
        }

        // The same key with a compressed point: valid elsewhere, but it would be a second id for one key.
        byte[] compressed =
        [
            0x30, 0x39, .. encoded[2..23], 0x03, 0x22, 0x00, (byte)(0x02 | (encoded[^1] & 1)), .. encoded[27..59],
        ];
        yield return compressed;
    }
}
