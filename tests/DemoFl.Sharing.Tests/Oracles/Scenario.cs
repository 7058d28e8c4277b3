namespace DemoFl.Sharing.Tests.Oracles;

/// <summary>The updates of one round, random or extreme, with the rounding bits that encode them.</summary>
internal sealed class Scenario
{
    private static readonly float[] Extremes =
        [0f, -0f, float.Epsilon, -float.Epsilon, 1e-38f, -1e-40f, float.MaxValue, float.MinValue, 1f, -1f];

    public Scenario(RingWidth ring, int parties, int length, int seed)
    {
        var random = new Random(seed);
        var maxParties = parties + random.Next(0, 3);
        var maxSampleCount = (uint)random.Next(1, 2000);
        var clip = random.Next(2) == 0 ? Math.Pow(2, random.Next(-10, 11)) : 0.001 + random.NextDouble();
        Encoding = new Encoding(ring, maxParties, clip, maxSampleCount);
        long[] counts = [0, 1, maxSampleCount, maxSampleCount + 1L, long.MaxValue];
        SampleCounts = [.. Enumerable.Range(0, parties)
            .Select(_ => random.Next(2) == 0 ? counts[random.Next(counts.Length)] : random.Next(3000))];
        Deltas = [.. SampleCounts.Select(_ => Delta(length, random))];
        Roundings = [.. SampleCounts.Select(_ => Bytes(4 * length, random))];
    }

    public Encoding Encoding { get; }

    public IReadOnlyList<long> SampleCounts { get; }

    public IReadOnlyList<float[]> Deltas { get; }

    public IReadOnlyList<byte[]> Roundings { get; }

    /// <summary>q_i with its lanes.</summary>
    public IReadOnlyList<PartyInput> Encode() => [.. Enumerable.Range(0, SampleCounts.Count).Select(Encode)];

    private PartyInput Encode(int party)
    {
        var vector = new RingVector(Encoding.Ring, Deltas[party].Length);
        var result = FixedPoint.Encode(
            Deltas[party], Encoding.Weight(SampleCounts[party]), Encoding, new RecordedRounding(Roundings[party]), vector);
        var lanes = new Lanes(
            Encoding.CappedSampleCount(SampleCounts[party]), (ulong)result.ClippedCount, 0.5 * party, (ulong)party, (ulong)party + 1);
        return new PartyInput(vector, lanes.ToVector());
    }

    private float[] Delta(int length, Random random)
    {
        var delta = new float[length];
        for (var i = 0; i < length; i++)
        {
            var scale = random.Next(4) switch { 0 => 1.0, 1 => 2.0, 2 => 1e-4, _ => 0.0 };
            delta[i] = scale == 0
                ? Extremes[random.Next(Extremes.Length)] * (random.Next(2) == 0 ? 1 : (float)Math.Min(1, Encoding.Clip))
                : (float)(Encoding.Clip * scale * ((2 * random.NextDouble()) - 1));
        }

        return delta;
    }

    private static byte[] Bytes(int length, Random random)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
