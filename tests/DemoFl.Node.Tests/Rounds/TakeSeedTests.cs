using System.Security.Cryptography;
using DemoFl.Node.Rounds;
using DemoFl.Node.Tests.Sealing;
using DemoFl.Protocol;
using DemoFl.Sharing;
using DemoFl.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace DemoFl.Node.Tests.Rounds;

/// <summary>What a new holder takes from the parties of an open round, and what not.</summary>
public sealed class TakeSeedTests : IAsyncDisposable
{
    private static readonly Slot Own = new(1);

    private readonly Circle _circle = new Circle().Agree();
    private readonly RoundTasks _tasks;
    private readonly Nonce _nonce = Some.Nonce();

    public TakeSeedTests()
    {
        _circle.Reorganise();
        var background = new BackgroundWork("dan", _ => ValueTask.CompletedTask, NullLogger.Instance);
        _tasks = new RoundTasks(_circle.NewHolder.Options, null!, _circle.NewHolder.Book, background, NullLogger.Instance);
        _tasks.Open(Spec(Layout.Masked));
    }

    [Fact]
    public void TakeSeed_OfAParty_KeepsItAndClearsTheBytes()
    {
        byte[] seed = RandomNumberGenerator.GetBytes(MaskSeed.Size);

        Take(seed, _nonce);

        Assert.All(seed, b => Assert.Equal(0, b));
    }

    [Fact]
    public void TakeSeed_TheSameAgain_ChangesNothing()
    {
        Take(RandomNumberGenerator.GetBytes(MaskSeed.Size), _nonce);

        Take(RandomNumberGenerator.GetBytes(MaskSeed.Size), _nonce);
    }

    [Fact]
    public void TakeSeed_UnderAnotherNonce_IsRefusedAndCleared()
    {
        Take(RandomNumberGenerator.GetBytes(MaskSeed.Size), _nonce);
        byte[] second = RandomNumberGenerator.GetBytes(MaskSeed.Size);

        Assert.Throws<WireFormatException>(() => Take(second, Some.Nonce()));

        Assert.All(second, b => Assert.Equal(0, b));
    }

    [Fact]
    public void TakeSeed_NoneWhereOneIsNeeded_IsRefused() => Assert.Throws<WireFormatException>(() => Take([], _nonce));

    [Fact]
    public void TakeSeed_OfAnotherRound_IsRefused() =>
        Assert.Throws<WireFormatException>(() => Take(new byte[MaskSeed.Size], _nonce, round: Circle.FirstRound.Next));

    [Fact]
    public void TakeSeed_OfANodeThatIsNotSelected_IsRefused() =>
        Assert.Throws<WireFormatException>(() => Take(new byte[MaskSeed.Size], _nonce, party: _circle.Holder.Id));

    /// <summary>Rotating: the slot that keeps a party's vector has no mask of it, and every other has one.</summary>
    [Fact]
    public async Task TakeSeed_Rotating_GoesByWhoKeepsTheVector()
    {
        _tasks.Close(Circle.FirstRound);
        await _tasks.DisposeAsync();
        _tasks.Open(Spec(Layout.Rotating));
        Nonce NonceKeptBy(Slot slot) => Enumerable.Range(0, 1000).Select(_ => Some.Nonce()).First(n => VectorKeeper.Of(n, 2) == slot);

        Assert.Throws<WireFormatException>(() => Take(new byte[MaskSeed.Size], NonceKeptBy(Own)));
        Assert.Throws<WireFormatException>(() => Take([], NonceKeptBy(new Slot(0))));
        Take([], NonceKeptBy(Own));
    }

    [Fact]
    public async Task TryReseal_Always_KeepsTheFirstSeedOfANonce()
    {
        await using var round = new OpenRound(Spec(Layout.Masked));
        byte[] first = RandomNumberGenerator.GetBytes(MaskSeed.Size);
        Assert.True(round.TryReseal(_circle.Party.Id, _nonce, first));
        round.Hold(_circle.Party.Id, _nonce, new MaskSeed(RandomNumberGenerator.GetBytes(MaskSeed.Size)));
        Assert.True(round.TryReseal(_circle.Party.Id, _nonce, RandomNumberGenerator.GetBytes(MaskSeed.Size)));

        Assert.Equal(MaskOf(new MaskSeed(first)), MaskOf(round.MaskOf(_circle.Party.Id, _nonce)));
    }

    public async ValueTask DisposeAsync()
    {
        await _tasks.DisposeAsync();
        _circle.Dispose();
    }

    private static byte[] MaskOf(MaskSeed seed)
    {
        var (vector, lanes) = (new RingVector(RingWidth.Bits32, 15), new RingVector(RingWidth.Bits64, Lanes.Count));
        Mask.Add(seed, vector, lanes);
        return [.. vector.Bytes, .. lanes.Bytes];
    }

    private RoundSpec Spec(Layout layout) => Some.Spec(Circle.FirstRound.Value, layout) with { Participants = [_circle.Party.Id] };

    private void Take(byte[] seed, Nonce nonce, NodeId? party = null, Round? round = null)
    {
        var sender = party ?? _circle.Party.Id;
        var context = new SealContext(Some.Run, new Term(3), round ?? Circle.FirstRound, default, sender, _circle.NewHolder.Id, Own, SealedKind.Seed);
        _tasks.TakeSeed(sender, context, nonce, seed);
    }
}
