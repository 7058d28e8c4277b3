using DemoFl.Cli.Attack;

namespace DemoFl.Cli.Tests.Attack;

/// <summary>The instrument itself: it finds a linear relation that is there, and none in noise however much noise there is.</summary>
public sealed class LinearEstimateTests
{
    private const int Dimension = 10_000;
    private static readonly double Bound = 5 / Math.Sqrt(Dimension);

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(80)]
    public void Cosine_NoiseHoweverMuch_StaysBelowTheBound(int vectors)
    {
        for (int seed = 0; seed < 3; seed++)
        {
            var random = new Random(seed);
            float[] secret = Noise(random);
            float[][] seen = [.. Enumerable.Range(0, vectors).Select(_ => Noise(random))];
            Assert.InRange(LinearEstimate.Cosine(secret, [], seen), 0, Bound);
        }
    }

    /// <summary>The bound of 5 / sqrt(d) is meant as about five standard deviations.</summary>
    [Fact]
    public void Cosine_Noise_HasTheSpreadThatTheBoundAssumes()
    {
        const int Trials = 400;
        double squares = 0;
        for (int seed = 0; seed < Trials; seed++)
        {
            var random = new Random(seed);
            float[] secret = Noise(random)[..1_000];
            float[][] seen = [.. Enumerable.Range(0, 5).Select(_ => Noise(random)[..1_000])];
            double cosine = LinearEstimate.Cosine(secret, [], seen);
            squares += cosine * cosine;
        }

        Assert.InRange(Math.Sqrt(squares / Trials * 1_000), 0.9, 1.2);
    }

    [Fact]
    public void Cosine_SecretInTheDifferenceOfTwoVectors_IsFound()
    {
        var random = new Random(1);
        float[] secret = Noise(random), mask = Noise(random);
        float[][] seen = [Noise(random), Plus(mask, secret, 0.05f), mask, Noise(random)];
        Assert.InRange(LinearEstimate.Cosine(secret, [], seen), 0.99, 1.000001);
        Assert.InRange(LinearEstimate.Cosine(secret, [], seen[..2]), 0, 0.1);
    }

    [Fact]
    public void Cosine_FaintTrace_IsAboveTheBound()
    {
        var random = new Random(2);
        float[] secret = Noise(random);
        double cosine = LinearEstimate.Cosine(secret, [], [Noise(random), Plus(Noise(random), secret, 0.1f)]);
        Assert.InRange(cosine, Bound, 0.2);
    }

    [Fact]
    public void Cosine_OnlyWhatIsConceded_IsNothing()
    {
        var random = new Random(3);
        float[] secret = Noise(random), other = Noise(random);
        float[] sum = Plus(other, secret, 1);
        Assert.InRange(LinearEstimate.Cosine(secret, [], [sum]), 0.6, 0.8);
        Assert.Equal(0, LinearEstimate.Cosine(secret, [sum], [sum, Plus(sum, sum, 3)]));
        Assert.Equal(0, LinearEstimate.Cosine(secret, [sum, other], [Noise(random)]));
    }

    [Fact]
    public void Cosine_VectorsThatDependOnEachOther_AreNoTrouble()
    {
        var random = new Random(4);
        float[] secret = Noise(random), mask = Noise(random);
        float[] masked = Plus(mask, secret, 1);
        Assert.InRange(LinearEstimate.Cosine(secret, [], [mask, masked, mask, Plus(mask, masked, -2), new float[Dimension]]), 0.99, 1.000001);
        Assert.Equal(0, LinearEstimate.Cosine(secret, [], []));
    }

    private static float[] Noise(Random random) => [.. Enumerable.Range(0, Dimension).Select(_ => (float)(random.NextDouble() - 0.5))];

    private static float[] Plus(float[] one, float[] other, float factor) => [.. one.Zip(other, (a, b) => a + (factor * b))];
}
