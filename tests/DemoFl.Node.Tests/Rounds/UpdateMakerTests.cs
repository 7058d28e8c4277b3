using System.Runtime.InteropServices;
using DemoFl.Learning;
using DemoFl.Node.Rounds;
using DemoFl.Node.Tests.Federations;
using DemoFl.Sharing;

namespace DemoFl.Node.Tests.Rounds;

public sealed class UpdateMakerTests
{
    private static readonly float[] Model = [1, 2, 3, 4];

    [Fact]
    public async Task MakeAsync_Masked_EncodesTheWeightedDifferenceAndItsLanes()
    {
        var spec = Some.Spec(dimension: 4);
        var maker = new UpdateMaker(StubTrainer.Moving((_, i) => i == 0 ? 8 : 0.125f, samples: 50));

        var update = await maker.MakeAsync(spec, Model, CancellationToken.None);

        // b = 32 - 2, and half the samples of C_max weigh half.
        double unitsPerValue = ((1 << 29) - 1) / 0.5;
        int[] words = MemoryMarshal.Cast<byte, int>(update.Words.Span).ToArray();
        Assert.Equal((1 << 29) - 1, words[0]);
        Assert.All(words[1..], w => Assert.InRange(w, (0.0625 * unitsPerValue) - 1, (0.0625 * unitsPerValue) + 1));
        Assert.Equal([50UL, 1UL], MemoryMarshal.Cast<byte, ulong>(update.Lanes.Span)[..2].ToArray());
        Assert.Equal([1, 2, 3, 4], Model);
    }

    [Fact]
    public async Task MakeAsync_Plain_IsTheDifferenceItself()
    {
        var maker = new UpdateMaker(StubTrainer.Moving((_, i) => i, samples: 5_000));

        var update = await maker.MakeAsync(Some.Spec(layout: Layout.Plain, dimension: 4), Model, CancellationToken.None);

        Assert.Equal([0f, 1f, 2f, 3f], MemoryMarshal.Cast<byte, float>(update.Words.Span).ToArray());
        Assert.Equal(100UL, MemoryMarshal.Cast<byte, ulong>(update.Lanes.Span)[0]);
    }

    [Theory]
    [InlineData(Layout.Masked, float.NaN)]
    [InlineData(Layout.Rotating, float.PositiveInfinity)]
    [InlineData(Layout.Plain, float.NegativeInfinity)]
    public async Task MakeAsync_NotFinite_IsRefusedAtTheParty(Layout layout, float value)
    {
        var maker = new UpdateMaker(StubTrainer.Moving((_, i) => i == 2 ? value : 0, samples: 50));

        var refusal = await Assert.ThrowsAsync<NonFiniteUpdateException>(
            () => maker.MakeAsync(Some.Spec(layout: layout, dimension: 4), Model, CancellationToken.None));

        Assert.Equal(2, refusal.Index);
    }

    [Fact]
    public async Task MakeAsync_Twice_NeverTheSameNonce()
    {
        var maker = new UpdateMaker(StubTrainer.Moving((_, _) => 0, samples: 50));

        var first = await maker.MakeAsync(Some.Spec(dimension: 4), Model, CancellationToken.None);
        var second = await maker.MakeAsync(Some.Spec(dimension: 4), Model, CancellationToken.None);

        Assert.NotEqual(first.Nonce, second.Nonce);
    }

    [Fact]
    public async Task MakeAsync_NegativeSampleCount_IsRefused()
    {
        var maker = new UpdateMaker(new StubTrainer((_, _, _) => Task.FromResult(new TrainingResult(-1, 0, 0, 0))));

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => maker.MakeAsync(Some.Spec(dimension: 4), Model, CancellationToken.None));
    }

    [Fact]
    public async Task MaskOnce_CalledAgain_LeavesTheBytesAlone()
    {
        var maker = new UpdateMaker(StubTrainer.Moving((_, _) => 0.125f, samples: 50));
        var update = await maker.MakeAsync(Some.Spec(dimension: 4), Model, CancellationToken.None);
        byte[] plain = update.Words.ToArray();
        using var seed = new MaskSeed(new byte[MaskSeed.Size]);

        update.MaskOnce([seed]);
        byte[] masked = update.Words.ToArray();
        update.MaskOnce([seed]);

        Assert.NotEqual(plain, masked);
        Assert.Equal(masked, update.Words.ToArray());
    }

    [Fact]
    public async Task Clear_LeavesZeros()
    {
        var maker = new UpdateMaker(StubTrainer.Moving((_, _) => 0.125f, samples: 50));
        var update = await maker.MakeAsync(Some.Spec(dimension: 4), Model, CancellationToken.None);

        update.Clear();

        Assert.All(update.Words.ToArray().Concat(update.Lanes.ToArray()), b => Assert.Equal(0, b));
    }
}
