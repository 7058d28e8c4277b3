using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Sealing;

/// <summary>P7: a message opens where it was sealed for and nowhere else.</summary>
public sealed class BindingTests : IDisposable
{
    private readonly Circle _circle = new Circle().Agree();

    public static TheoryData<string> Fields => [.. Alterations.Keys];

    private static readonly SortedDictionary<string, Action<V1.Sealed>> Alterations = new(StringComparer.Ordinal)
    {
        ["term"] = m => m.Term++,
        ["round"] = m => m.Round++,
        ["attempt"] = m => m.Attempt++,
        ["slot"] = m => m.Slot = 1,
        ["kind to another of the term"] = m => m.Kind = (uint)SealedKind.Confirm,
        ["kind to one of the round"] = m => m.Kind = (uint)SealedKind.Acknowledgement,
        ["kind to an unknown one"] = m => m.Kind = 99,
        ["sequence up"] = m => m.Sequence++,
        ["sequence to none"] = m => m.Sequence = 0,
        ["direction"] = m => m.ToHolder = false,
        ["ciphertext"] = m => m.Ciphertext = Google.Protobuf.ByteString.CopyFrom([.. m.Ciphertext.Span[..^1], (byte)(m.Ciphertext.Span[^1] ^ 1)]),
    };

    [Fact]
    public void Open_UntouchedInBothDirections_Opens()
    {
        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, _circle.FromParty(SealedKind.Digest, new Attempt(1))).Objection);
        Assert.Null(_circle.Party.Book.Open(_circle.Holder.Id, _circle.FromHolder(SealedKind.Acknowledgement)).Objection);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Open_OneFieldAltered_FailsAndTheUntouchedStillOpens(string field)
    {
        var message = _circle.FromParty(SealedKind.Digest, new Attempt(1));
        var altered = message.Clone();
        Alterations[field](altered);

        Assert.NotNull(_circle.Holder.Book.Open(_circle.Party.Id, altered).Objection);

        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, message).Objection);
    }

    [Fact]
    public void Open_AltogetherTurnedAround_FailsAtItsSender()
    {
        var message = _circle.FromParty(SealedKind.Announcement);
        message.ToHolder = false;

        Assert.NotNull(_circle.Party.Book.Open(_circle.Holder.Id, message).Objection);
    }

    [Fact]
    public void Open_NamedAsAnotherSenders_Fails()
    {
        var message = _circle.FromParty(SealedKind.Announcement);

        Assert.NotNull(_circle.Holder.Book.Open(_circle.OtherHolder.Id, message).Objection);
    }

    [Fact]
    public void Open_DeliveredToAnotherHolder_Fails()
    {
        var message = _circle.FromParty(SealedKind.Announcement);

        Assert.NotNull(_circle.OtherHolder.Book.Open(_circle.Party.Id, message).Objection);
    }

    [Fact]
    public void Open_ASecondTime_IsAReplay()
    {
        var message = _circle.FromParty(SealedKind.Announcement);
        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, message).Objection);

        Assert.Contains("Replayed", _circle.Holder.Book.Open(_circle.Party.Id, message).Objection, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OvertakenByALaterMessage_IsAReplay()
    {
        var (first, second) = (_circle.FromParty(SealedKind.Announcement), _circle.FromParty(SealedKind.Announcement));
        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, second).Objection);

        Assert.Contains("Replayed", _circle.Holder.Book.Open(_circle.Party.Id, first).Objection, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfAnEarlierTerm_IsFencedOff()
    {
        var stale = _circle.FromParty(SealedKind.Digest, new Attempt(1));
        _circle.Begin(_circle.Seat(new Term(3)));
        _circle.Agree();

        Assert.Contains("term 2", _circle.Holder.Book.Open(_circle.Party.Id, stale).Objection, StringComparison.Ordinal);
        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, _circle.FromParty(SealedKind.Digest, new Attempt(1))).Objection);
    }

    [Fact]
    public void Seeds_OfBothEnds_AgreeAndDependOnEveryBoundValue()
    {
        var (spec, nonce) = (Some.Spec(round: 5), Some.Nonce());
        string Seed(RoundSpec s, LeaderSet l, Nonce n) => Convert.ToHexString(_circle.Party.Book.SeedForSlot(new Slot(0), s, l, n));
        string own = Seed(spec, _circle.Leaders, nonce);

        Assert.Equal(own, Convert.ToHexString(_circle.Holder.Book.SeedOfParty(_circle.Party.Id, spec, _circle.Leaders, nonce)));
        Assert.NotEqual(own, Convert.ToHexString(_circle.Party.Book.SeedForSlot(new Slot(1), spec, _circle.Leaders, nonce)));
        Assert.NotEqual(own, Seed(spec with { KMin = 4 }, _circle.Leaders, nonce));
        Assert.NotEqual(own, Seed(spec with { Round = new Round(6) }, _circle.Leaders, nonce));
        Assert.NotEqual(own, Seed(spec, new LeaderSet(Some.Run, new Term(3), _circle.Leaders.Seats), nonce));
        Assert.NotEqual(own, Seed(spec, _circle.Leaders, Some.Nonce()));
    }

    public void Dispose() => _circle.Dispose();
}
