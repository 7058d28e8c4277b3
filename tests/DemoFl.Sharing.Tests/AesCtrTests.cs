using DemoFl.Sharing.Prg;

namespace DemoFl.Sharing.Tests;

public sealed class AesCtrTests
{
    // NIST SP 800-38A, F.5.1 CTR-AES128.Encrypt.
    private const string NistKey = "2b7e151628aed2a6abf7158809cf4f3c";
    private const string NistCounter = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
    private const string NistPlaintext =
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" +
        "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";

    private const string NistCiphertext =
        "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff" +
        "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee";

    public static TheoryData<string> Implementations => IntrinsicAesCtr.IsSupported ? ["platform", "intrinsic"] : ["platform"];

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Fill_NistVector_GivesCiphertext(string implementation)
    {
        using var stream = Open(implementation, Convert.FromHexString(NistKey), Counter(NistCounter));
        var bytes = new byte[NistPlaintext.Length / 2];
        stream.Fill(bytes);

        var plaintext = Convert.FromHexString(NistPlaintext);
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] ^= plaintext[i];
        Assert.Equal(NistCiphertext, Convert.ToHexStringLower(bytes));
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Fill_CutIntoAnyPieces_GivesOneStream(string implementation)
    {
        var random = new Random(71);
        var key = new byte[AesCtr.KeySize];
        random.NextBytes(key);
        var whole = new byte[9_001];
        using (var stream = Open(implementation, key, 0))
            stream.Fill(whole);

        using var cut = Open(implementation, key, 0);
        var pieces = new byte[whole.Length];
        for (var at = 0; at < pieces.Length;)
        {
            var length = Math.Min(random.Next(0, 300), pieces.Length - at);
            cut.Fill(pieces.AsSpan(at, length));
            at += length;
        }

        Assert.Equal(whole, pieces);
    }

    [IntrinsicAesFact]
    public void Fill_AnyKeyCounterAndLength_IntrinsicEqualsPlatform()
    {
        var random = new Random(72);
        var key = new byte[AesCtr.KeySize];
        UInt128[] starts = [0, 1, ulong.MaxValue - 3, ((UInt128)ulong.MaxValue << 64) + ulong.MaxValue - 5, UInt128.MaxValue];
        int[] lengths = [0, 1, 15, 16, 17, 127, 128, 129, 255, 4095, 4096, 4097, 8192 + 144];
        foreach (var start in starts)
        {
            foreach (var length in lengths)
            {
                random.NextBytes(key);
                var expected = new byte[length];
                var actual = new byte[length];
                using (var platform = new PlatformAesCtr(key, start))
                    platform.Fill(expected);
                using (var intrinsic = new IntrinsicAesCtr(key, start))
                    intrinsic.Fill(actual);
                Assert.True(expected.AsSpan().SequenceEqual(actual), $"counter {start}, length {length}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Fill_AfterDispose_Throws(string implementation)
    {
        var stream = Open(implementation, new byte[AesCtr.KeySize], 0);
        stream.Dispose();
        Assert.Throws<ObjectDisposedException>(() => stream.Fill(new byte[1]));
    }

    private static AesCtr Open(string implementation, byte[] key, UInt128 counter) =>
        implementation == "intrinsic" ? new IntrinsicAesCtr(key, counter) : new PlatformAesCtr(key, counter);

    private static UInt128 Counter(string hex) => UInt128.Parse(hex, System.Globalization.NumberStyles.HexNumber);

    private sealed class IntrinsicAesFactAttribute : FactAttribute
    {
        public IntrinsicAesFactAttribute()
        {
            if (!IntrinsicAesCtr.IsSupported)
                Skip = "this processor has no AES instructions";
        }
    }
}
