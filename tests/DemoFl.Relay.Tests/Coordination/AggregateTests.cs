using System.Collections.Immutable;
using DemoFl.Protocol;
using DemoFl.Relay.Coordination;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.Relay.Vectors;
using DemoFl.Sharing;
using DemoFl.V1;

namespace DemoFl.Relay.Tests.Coordination;

public sealed class AggregateTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void Apply_OfMaskedUploadsAndTheLeadersSums_MovesTheModelByTheMeanUpdate(int ringBits)
    {
        var spec = Some.Spec(ringBits: ringBits, parties: 3);
        var encoding = new Sharing.Encoding((RingWidth)ringBits, 3, spec.Encoding.Clip, Some.MaxSampleCount);
        var (uploads, sums) = Masked(encoding, [[0.1f, -0.2f], [0.3f, 0.4f], [0f, -0.5f]], [50, 100, 100], leaders: 2);
        float[] model = [1, 2, 0, 0, 0, 0, 0, 0];
        var totals = Aggregate.OfUploads(spec, uploads).Plus(sums).Apply(spec, model, 3);

        Assert.Equal(250u, totals.SampleCount);
        double oneUnit = encoding.Clip / encoding.MaxUnits;
        Assert.Equal(1 + (((50 * 0.1) + (100 * 0.3)) / 250), model[0], 1e-6 + (3 * oneUnit));
        Assert.Equal(2 + (((50 * -0.2) + (100 * 0.4) + (100 * -0.5)) / 250), model[1], 1e-6 + (3 * oneUnit));
    }

    [Fact]
    public void OfUploads_Rotating_IsZeroUntilTheSumsCome()
    {
        var spec = Some.Spec(Layout.Rotating);
        var aggregate = Aggregate.OfUploads(spec, []);
        Assert.Equal(-1, Assert.IsType<RingAggregate>(aggregate).Vector.Bytes.IndexOfAnyExcept((byte)0));
        var words = new byte[32];
        words[3] = 0x10;
        var model = new float[8];
        var totals = aggregate.Plus([Some.Received(words, Some.Lane(3))]).Apply(spec, model, 2);

        Assert.Equal(3u, totals.SampleCount);
        Assert.True(model[0] > 0);
        Assert.All(model[1..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Apply_Plain_IsTheMeanWeightedBySampleCounts()
    {
        var spec = Some.Spec(Layout.Plain);
        float[] model = [1, 1, 1, 1, 1, 1, 1, 1];
        var totals = Aggregate.OfUploads(
            spec,
            [
                Some.Received(Some.Floats(1, 2, 3, 4, 5, 6, 7, 8), Some.Lane(10, clipped: 1)),
                Some.Received(Some.Floats(-1, 0, 0, 0, 0, 0, 0, 4), Some.Lane(30, clipped: 2)),
            ]).Apply(spec, model, 2);

        Assert.Equal(new Protocol.RoundTotals(40, 3, 1, 2, 2), totals);
        Assert.Equal([0.5f, 1.5f, 1.75f, 2f, 2.25f, 2.5f, 2.75f, 6f], model);
    }

    [Fact]
    public void Sums_WithNoMemoryAndWithPlenty_AreTheSameBitForBit()
    {
        using var folder = new TemporaryFolder();
        foreach (var (layout, ringBits) in new[] { (Layout.Masked, 16), (Layout.Masked, 32), (Layout.Masked, 64), (Layout.Plain, 32) })
        {
            var spec = Some.Spec(layout, dimension: 50_001, ringBits: ringBits);
            byte[][] models = [.. new long[] { 0, 250_000, long.MaxValue }.Select(budget => Model(spec, budget, folder))];
            Assert.True(models[0].AsSpan().SequenceEqual(models[1]) && models[0].AsSpan().SequenceEqual(models[2]), $"{layout}, k = {ringBits}");
            Assert.Empty(Directory.EnumerateFiles(folder.File("spill")));
        }
    }

    [Fact]
    public void Apply_WithoutExamples_IsRefused() => Refused("sum C = 0", Layout.Masked, Some.Lane(0));

    [Fact]
    public void Apply_WithMoreExamplesThanThePartiesCanHold_IsRefused() => Refused("more than 1 parties", Layout.Masked, Some.Lane(Some.MaxSampleCount + 1));

    [Fact]
    public void Apply_WithLanesThatAreStillMasked_IsRefused() =>
        Refused("do not add up", Layout.Masked, [.. Enumerable.Repeat((byte)0xA5, Lanes.Count * sizeof(ulong))]);

    [Fact]
    public void Apply_PlainWithLanesThatCannotBe_IsRefused() =>
        Refused("do not add up", Layout.Plain, [.. Enumerable.Repeat((byte)0xA5, Lanes.Count * sizeof(ulong))]);

    [Fact]
    public void Apply_PlainWithLanesThatCancelEachOther_IsRefused()
    {
        var negative = Some.Lane(0);
        negative.AsSpan(0, 8).Fill(0xFF);
        Refused("do not add up", Layout.Plain, Some.Lane(2), negative);
    }

    [Fact]
    public void Apply_PlainBeyondTheCap_IsRefusedForEachPartyAlone() =>
        Refused("more than C_max", Layout.Plain, Some.Lane(Some.MaxSampleCount + 1), Some.Lane(1));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Apply_PlainWithAnUpdateThatIsNotFinite_IsRefused(float value)
    {
        var spec = Some.Spec(Layout.Plain);
        var aggregate = Aggregate.OfUploads(spec, [Some.Received(Some.Floats(0, 0, 0, 0, 0, 0, 0, value), Some.Lane(1))]);
        Assert.Throws<UnusableSumException>(() => aggregate.Apply(spec, new float[8], 1));
    }

    [Fact]
    public void Apply_PlainThatOverflowsTheModel_IsRefused()
    {
        var spec = Some.Spec(Layout.Plain);
        var model = new float[8];
        model[4] = float.MaxValue;
        var aggregate = Aggregate.OfUploads(spec, [Some.Received(Some.Floats(0, 0, 0, 0, float.MaxValue, 0, 0, 0), Some.Lane(1))]);
        Assert.Throws<UnusableSumException>(() => aggregate.Apply(spec, model, 1));
    }

    private static void Refused(string why, Layout layout, params byte[][] lanes)
    {
        var spec = Some.Spec(layout);
        var aggregate = Aggregate.OfUploads(spec, [.. lanes.Select(l => Some.Received(new byte[32], l))]);
        var refused = Assert.Throws<UnusableSumException>(() => aggregate.Apply(spec, new float[8], lanes.Length));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }


    private static byte[] Model(RoundSpec spec, long budget, TemporaryFolder folder)
    {
        using var store = new VectorStore(budget, folder.File("spill"));
        Directory.CreateDirectory(folder.File("spill"));
        store.Open(spec);
        bool isPlain = spec.Layout == Layout.Plain;
        int byteLength = spec.Training.Dimension * (isPlain ? sizeof(float) : spec.Encoding.RingBits / 8);
        for (int party = 0; party < 4; party++)
        {
            var kind = isPlain ? VectorKind.Plain : VectorKind.Masked;
            var vector = store.Accept(Some.Node(party), Some.Header(byteLength, party, kind));
            byte[] content = Some.RandomVectors(party, 1, byteLength)[0];
            if (isPlain)
            {
                content = [.. Enumerable.Range(0, spec.Training.Dimension).SelectMany(i => BitConverter.GetBytes(MathF.Sin((i * 7) + party)))];
            }

            foreach (byte[] piece in content.Chunk(60_000))
            {
                vector.Append(piece);
            }
        }

        var uploads = store.UploadsOf(spec.Round, Some.Parties(0, 1, 2, 3));
        var model = new float[spec.Training.Dimension];
        Aggregate.OfUploads(spec, uploads).Apply(spec, model, 4);
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(model.AsSpan()).ToArray();
    }

    private static (ImmutableArray<ReceivedVector> Uploads, ImmutableArray<ReceivedVector> Sums) Masked(
        Sharing.Encoding encoding, float[][] updates, int[] samples, int leaders)
    {
        const int Dimension = 8;
        var sums = Enumerable.Range(0, leaders)
            .Select(_ => (Vector: new RingVector(encoding.Ring, Dimension), Lanes: new RingVector(RingWidth.Bits64, Lanes.Count))).ToArray();
        using var rounding = new SecureRounding();
        var uploads = new List<ReceivedVector>();
        for (int party = 0; party < updates.Length; party++)
        {
            var vector = new RingVector(encoding.Ring, Dimension);
            float[] update = [.. updates[party], .. new float[Dimension - updates[party].Length]];
            FixedPoint.Encode(update, encoding.Weight(samples[party]), encoding, rounding, vector);
            var lanes = new Lanes((ulong)samples[party], 0, 0, 0, 0).ToVector();
            for (int leader = 0; leader < leaders; leader++)
            {
                using var seed = new MaskSeed(Hash256.Of([(byte)party, (byte)leader]).ToArray());
                Mask.Subtract(seed, vector, lanes);
                Mask.Add(seed, sums[leader].Vector, sums[leader].Lanes);
            }

            uploads.Add(Some.Received(vector.Bytes, lanes.Bytes.ToArray()));
        }

        return ([.. uploads], [.. sums.Select(s => Some.Received(s.Vector.Bytes, s.Lanes.Bytes.ToArray()))]);
    }
}
