using DemoFl.Protocol;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.Relay.Vectors;
using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Relay.Tests.Vectors;

public sealed class VectorStoreTests : IDisposable
{
    private const int ByteLength = 8 * 4;

    private readonly TemporaryFolder _folder = new();
    private readonly VectorStore _store;

    public VectorStoreTests() => _store = new VectorStore(1 << 20, _folder.File("spill"));

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Accept_WithoutAnOpenRound_IsRefused() =>
        Assert.Throws<VectorRefusedException>(() => _store.Accept(Some.Node(0), Some.Header(ByteLength)));

    [Fact]
    public void Accept_OfAnotherRound_IsRefused()
    {
        _store.Open(Some.Spec(round: 2));
        foreach (ulong round in new ulong[] { 0, 1, 3, ulong.MaxValue })
        {
            Assert.Throws<VectorRefusedException>(() => _store.Accept(Some.Node(0), Some.Header(ByteLength, round: round)));
        }
    }

    [Fact]
    public void Accept_FromANonParticipant_IsRefused()
    {
        _store.Open(Some.Spec(parties: 4));
        var refused = Assert.Throws<VectorRefusedException>(() => _store.Accept(Some.Node(9), Some.Header(ByteLength, 9)));
        Assert.Contains("round 1", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Layout.Masked, VectorKind.Plain)]
    [InlineData(Layout.Masked, VectorKind.Model)]
    [InlineData(Layout.Masked, VectorKind.Unspecified)]
    [InlineData(Layout.Masked, (VectorKind)99)]
    [InlineData(Layout.Plain, VectorKind.Masked)]
    [InlineData(Layout.Plain, VectorKind.Sum)]
    [InlineData(Layout.Rotating, VectorKind.Masked)]
    [InlineData(Layout.Rotating, VectorKind.Plain)]
    public void Accept_OfAKindThatTheLayoutDoesNotHave_IsRefused(Layout layout, VectorKind kind)
    {
        _store.Open(Some.Spec(layout));
        Assert.Throws<VectorRefusedException>(() => _store.Accept(Some.Node(0), Some.Header(ByteLength, kind: kind)));
    }

    [Theory]
    [InlineData(Layout.Masked, 16, 16)]
    [InlineData(Layout.Masked, 32, 32)]
    [InlineData(Layout.Masked, 64, 64)]
    [InlineData(Layout.Plain, 16, 32)]
    public void Accept_OfAnyOtherLength_IsRefused(Layout layout, int ringBits, int expectedBytes)
    {
        _store.Open(Some.Spec(layout, ringBits: ringBits));
        var kind = layout == Layout.Plain ? VectorKind.Plain : VectorKind.Masked;
        foreach (int length in new[] { 0, expectedBytes - 1, expectedBytes + 1, expectedBytes * 2 })
        {
            Assert.Throws<WireFormatException>(() => _store.Accept(Some.Node(0), Some.Header(length, kind: kind)));
        }

        Assert.Equal(0, _store.Accept(Some.Node(0), Some.Header(expectedBytes, kind: kind)).Received);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(39)]
    [InlineData(48)]
    public void Accept_OfTooFewOrTooManyLanes_IsRefused(int bytes)
    {
        _store.Open(Some.Spec());
        Assert.Throws<WireFormatException>(() => _store.Accept(Some.Node(0), Some.Header(ByteLength, lanes: new byte[bytes])));
    }

    [Fact]
    public void Accept_WithoutKeyOrNonceHash_IsRefused()
    {
        _store.Open(Some.Spec());
        var header = Some.Header(ByteLength);
        header.NonceHash = Google.Protobuf.ByteString.Empty;
        Assert.Throws<WireFormatException>(() => _store.Accept(Some.Node(0), header));
        Assert.Throws<WireFormatException>(() => _store.Accept(Some.Node(0), new VectorHeader()));
    }

    [Fact]
    public void Accept_OfASecondDifferentHeader_IsRefusedAndTheFirstStays()
    {
        _store.Open(Some.Spec());
        var first = _store.Accept(Some.Node(0), Some.Header(ByteLength));
        Assert.Throws<VectorRefusedException>(() => _store.Accept(Some.Node(0), Some.Header(ByteLength, node: 1)));
        Assert.Throws<VectorRefusedException>(() => _store.Accept(Some.Node(0), Some.Header(ByteLength, lanes: Some.Lane(2))));

        Assert.Same(first, _store.Accept(Some.Node(0), Some.Header(ByteLength)));
    }

    [Fact]
    public void Progress_OfABrokenUpload_IsWhereToGoOn()
    {
        _store.Open(Some.Spec());
        var key = Some.Header(ByteLength).Key;
        Assert.Equal(0, _store.Progress(Some.Node(0), key));
        _store.Accept(Some.Node(0), Some.Header(ByteLength)).Append(new byte[12]);
        Assert.Equal(12, _store.Progress(Some.Node(0), key));
        Assert.Equal(0, _store.Progress(Some.Node(1), key));
        var resumed = _store.Accept(Some.Node(0), Some.Header(ByteLength));
        resumed.Append(new byte[20]);

        Assert.True(resumed.IsComplete);
        Assert.Equal(ByteLength, _store.Progress(Some.Node(0), key));
    }

    [Fact]
    public void TryBegin_WhileAnotherStreamWrites_IsFalse()
    {
        _store.Open(Some.Spec());
        var vector = _store.Accept(Some.Node(0), Some.Header(ByteLength));
        Assert.True(vector.TryBegin());
        Assert.False(_store.Accept(Some.Node(0), Some.Header(ByteLength)).TryBegin());
        vector.End();
        Assert.True(vector.TryBegin());
    }

    [Fact]
    public void Append_OfAPieceThatDoesNotFit_IsRefused()
    {
        _store.Open(Some.Spec(dimension: 40_000));
        var vector = _store.Accept(Some.Node(0), Some.Header(160_000));
        Assert.Throws<WireFormatException>(() => vector.Append([]));
        Assert.Throws<WireFormatException>(() => vector.Append(new byte[WireLimits.PieceBytes + 1]));
        vector.Append(new byte[WireLimits.PieceBytes]);
        vector.Append(new byte[WireLimits.PieceBytes]);
        Assert.Throws<WireFormatException>(() => vector.Append(new byte[160_000 - (2 * WireLimits.PieceBytes) + 1]));
        Assert.Equal(2 * WireLimits.PieceBytes, vector.Received);
    }

    [Fact]
    public void Accept_OfASum_IsForSeatedLeadersOfTheAttemptOnceAsked()
    {
        var header = Some.Header(ByteLength, kind: VectorKind.Sum, attempt: 1);
        _store.Open(Some.Spec());
        Assert.Throws<VectorRefusedException>(() => _store.Accept(Some.Node(1), header));
        _store.AcceptSums(new Round(2), new Attempt(1), Some.Leaders(1, 2));
        Assert.Throws<VectorRefusedException>(() => _store.Accept(Some.Node(1), header));
        _store.AcceptSums(new Round(1), new Attempt(1), Some.Leaders(1, 2));

        Assert.NotNull(_store.Accept(Some.Node(1), header));
        Assert.Throws<VectorRefusedException>(() => _store.Accept(Some.Node(0), header));
        Assert.Throws<VectorRefusedException>(() => _store.Accept(Some.Node(2), Some.Header(ByteLength, kind: VectorKind.Sum, attempt: 2)));
        Assert.Single(_store.SumsOf(new Round(1)));
    }

    [Fact]
    public void AcceptSums_OfALaterAttempt_ForgetsTheEarlierSums()
    {
        _store.Open(Some.Spec());
        _store.AcceptSums(new Round(1), new Attempt(1), Some.Leaders(1, 2));
        _store.Accept(Some.Node(1), Some.Header(ByteLength, kind: VectorKind.Sum, attempt: 1)).Append(new byte[ByteLength]);
        _store.AcceptSums(new Round(1), new Attempt(2), Some.Leaders(1, 2));

        Assert.Empty(_store.SumsOf(new Round(1)));
    }

    /// <summary>A slot was filled anew between two attempts: its earlier holder has nothing to send any more, and the parties' vectors stay.</summary>
    [Fact]
    public void AcceptSums_OfOtherLeaders_GoesByThem()
    {
        _store.Open(Some.Spec());
        _store.Accept(Some.Node(0), Some.Header(ByteLength)).Append(new byte[ByteLength]);
        _store.AcceptSums(new Round(1), new Attempt(1), Some.Leaders(1, 2));
        _store.AcceptSums(new Round(1), new Attempt(2), Some.Leaders(1, 3));

        Assert.NotNull(_store.Accept(Some.Node(3), Some.Header(ByteLength, kind: VectorKind.Sum, attempt: 2)));
        Assert.Throws<VectorRefusedException>(() => _store.Accept(Some.Node(2), Some.Header(ByteLength, kind: VectorKind.Sum, attempt: 2)));
        Assert.Throws<VectorRefusedException>(() => _store.Accept(Some.Node(1), Some.Header(ByteLength, kind: VectorKind.Sum, attempt: 1)));
        Assert.Single(_store.UploadsOf(new Round(1), Some.Parties(0)));
    }

    [Fact]
    public void UploadsOf_AnIntersection_GivesItsVectorsInItsOrder()
    {
        _store.Open(Some.Spec());
        foreach (int node in new[] { 3, 0, 1 })
        {
            _store.Accept(Some.Node(node), Some.Header(ByteLength, node)).Append(new byte[ByteLength]);
        }

        var parties = Some.Parties(0, 3);
        Assert.Equal(
            parties.Contributions.Select(c => c.NonceHash), _store.UploadsOf(new Round(1), parties).Select(v => v.NonceHash));
    }

    [Fact]
    public void Close_Always_StopsAcceptingAndKeepsTheVectorsUntilDisposed()
    {
        using var store = new VectorStore(0, _folder.File("spill"));
        store.Open(Some.Spec());
        var (complete, unfinished) = (store.Accept(Some.Node(0), Some.Header(ByteLength)), store.Accept(Some.Node(1), Some.Header(ByteLength, 1)));
        complete.Append(Enumerable.Repeat((byte)7, ByteLength).ToArray());
        Assert.Null(store.Close(new Round(2)));
        var closed = store.Close(new Round(1));
        Assert.Null(store.Close(new Round(1)));
        store.Open(Some.Spec(round: 2));
        Assert.Throws<VectorRefusedException>(() => store.Accept(Some.Node(0), Some.Header(ByteLength)));
        complete.Read((_, bytes) => Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)7)));
        Assert.True(File.Exists(_folder.File("spill/round-1.bin")));
        closed!.Dispose();

        Assert.False(File.Exists(_folder.File("spill/round-1.bin")));
        Assert.Throws<VectorRefusedException>(() => unfinished.Append(new byte[ByteLength]));
    }
}
