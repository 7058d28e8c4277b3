using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using DemoFl.Sharing.Tests.Oracles;

namespace DemoFl.Sharing.Tests;

/// <summary>Vectors/*.json, computed by Vectors/generate.py without this library.</summary>
public sealed class KnownAnswerTests
{
    [Fact]
    public void MaskAdd_KnownSeed_GivesKnownWords()
    {
        using var vectors = Open("mask.json");
        var seedBytes = Bytes(vectors.RootElement, "seed");
        using var seed = new MaskSeed(seedBytes);
        foreach (var known in vectors.RootElement.GetProperty("cases").EnumerateArray())
        {
            var vector = new RingVector(Ring(known), known.GetProperty("length").GetInt32());
            var lanes = new RingVector(RingWidth.Bits64, Lanes.Count);
            Mask.Add(seed, vector, lanes);

            Assert.Equal(Bytes(vectors.RootElement, "lanes"), lanes.Bytes.ToArray());
            var head = Bytes(known, "head");
            Assert.Equal(head, vector.Bytes[..head.Length].ToArray());
            Assert.Equal(Bytes(known, "sha256"), SHA256.HashData(vector.Bytes));
        }
    }

    [Fact]
    public void Encode_KnownRoundingBits_GivesKnownWords()
    {
        using var vectors = Open("encode.json");
        foreach (var known in vectors.RootElement.GetProperty("cases").EnumerateArray())
        {
            var encoding = EncodingOf(known);
            var delta = Floats(known, "delta");
            var rounding = new RecordedRounding(Bytes(known, "rounding"));
            var target = new RingVector(encoding.Ring, delta.Length);
            var result = FixedPoint.Encode(
                delta, encoding.Weight(known.GetProperty("sampleCount").GetInt64()), encoding, rounding, target);

            Assert.Equal(Words(known), Signed(target));
            Assert.Equal(known.GetProperty("clipped").GetInt64(), result.ClippedCount);
            Assert.Equal(0, rounding.Remaining);
        }
    }

    [Fact]
    public void Apply_KnownSum_GivesKnownModelToTheBit()
    {
        using var vectors = Open("apply.json");
        foreach (var known in vectors.RootElement.GetProperty("cases").EnumerateArray())
        {
            var words = Words(known);
            var sum = new RingVector(Ring(known), words.Length);
            for (var i = 0; i < words.Length; i++)
                sum.SetAt(i, words[i]);
            var model = Floats(known, "model");
            FixedPoint.Apply(sum, EncodingOf(known), known.GetProperty("totalSampleCount").GetUInt64(), model);

            Assert.Equal(
                Floats(known, "result").Select(BitConverter.SingleToUInt32Bits),
                model.Select(BitConverter.SingleToUInt32Bits));
        }
    }

    private static JsonDocument Open(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", name)));

    private static RingWidth Ring(JsonElement known) => (RingWidth)known.GetProperty("ring").GetInt32();

    private static Encoding EncodingOf(JsonElement known) => new(
        Ring(known),
        known.GetProperty("maxParties").GetInt32(),
        known.GetProperty("clip").GetDouble(),
        known.GetProperty("maxSampleCount").GetUInt32());

    private static byte[] Bytes(JsonElement known, string name) => Convert.FromHexString(known.GetProperty(name).GetString()!);

    private static long[] Words(JsonElement known) =>
        [.. known.GetProperty("words").EnumerateArray().Select(word => long.Parse(word.GetString()!, null))];

    private static float[] Floats(JsonElement known, string name) =>
        [.. known.GetProperty(name).EnumerateArray()
            .Select(value => BinaryPrimitives.ReadSingleBigEndian(Convert.FromHexString(value.GetString()!)))];

    private static long[] Signed(RingVector vector) => [.. Enumerable.Range(0, vector.Length).Select(vector.SignedAt)];
}
