using DemoFl.Node.Rounds;
using DemoFl.Sharing;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Node.Tests.Rounds;

public sealed class VectorAssemblyTests
{
    private const int ByteLength = 15 * 4;
    private readonly VectorAssembly _assembly = new(Some.Spec());
    private readonly byte[] _words = [.. Enumerable.Range(1, ByteLength).Select(i => (byte)i)];
    private readonly byte[] _lanes = [.. Enumerable.Range(100, Lanes.Count * 8).Select(i => (byte)i)];

    [Fact]
    public void Append_PiecesInOrder_PutsTheVectorTogether()
    {
        _assembly.Append(Piece(0, 20));
        Assert.False(_assembly.IsComplete);
        _assembly.Append(Piece(20, 40));

        Assert.True(_assembly.IsComplete);
        Assert.Equal(_words, _assembly.Vector.Bytes.ToArray());
        Assert.Equal(_lanes, _assembly.Lanes.Bytes.ToArray());
    }

    [Fact]
    public void Append_Gap_IsRefused()
    {
        _assembly.Append(Piece(0, 20));

        Assert.Throws<WireFormatException>(() => _assembly.Append(Piece(24, 36)));
    }

    [Fact]
    public void Append_SamePieceAgain_IsRefused()
    {
        _assembly.Append(Piece(0, 20));

        Assert.Throws<WireFormatException>(() => _assembly.Append(Piece(0, 20)));
        Assert.False(_assembly.IsComplete);
    }

    [Fact]
    public void Append_AnotherLength_IsRefused()
    {
        var piece = Piece(0, 20);
        piece.ByteLength = ByteLength + 4;

        Assert.Throws<WireFormatException>(() => _assembly.Append(piece));
    }

    [Fact]
    public void Append_MoreThanTheVector_IsRefused()
    {
        var piece = Piece(0, 20);
        piece.Words = ByteString.CopyFrom(new byte[ByteLength + 1]);

        Assert.Throws<WireFormatException>(() => _assembly.Append(piece));
    }

    [Fact]
    public void Append_LanesMissing_IsRefused()
    {
        var piece = Piece(0, 20);
        piece.Lanes = ByteString.Empty;

        Assert.Contains("lanes", Assert.Throws<WireFormatException>(() => _assembly.Append(piece)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clear_LeavesZeros()
    {
        _assembly.Append(Piece(0, ByteLength));

        _assembly.Clear();

        Assert.All(_assembly.Vector.Bytes.ToArray().Concat(_assembly.Lanes.Bytes.ToArray()), b => Assert.Equal(0, b));
    }

    private VectorPiece Piece(int offset, int length) => new()
    {
        ByteLength = ByteLength, Offset = (ulong)offset, Words = ByteString.CopyFrom(_words, offset, length),
        Lanes = offset == 0 ? ByteString.CopyFrom(_lanes) : ByteString.Empty,
    };
}
