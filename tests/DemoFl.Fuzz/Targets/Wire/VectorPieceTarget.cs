using DemoFl.Node.Rounds;
using DemoFl.Sharing;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Fuzz;

/// <summary>The pieces of a vector that a leader keeps, as it puts them together.</summary>
internal sealed class VectorPieceTarget() : Target("vector-pieces", InputForm.ProtobufStream)
{
    private const int ByteLength = Samples.Dimension * sizeof(uint);

    public override IEnumerable<byte[]> Seeds()
    {
        yield return Framing.Join([Piece(0, ByteLength, Lanes.Count * sizeof(ulong))]);
        yield return Framing.Join([Piece(0, 12, Lanes.Count * sizeof(ulong)), Piece(12, 20, 0)]);
    }

    public override string Read(byte[] input)
    {
        var assembly = new VectorAssembly(Samples.Spec(Layout.Rotating));
        int pieces = 0;
        foreach (var piece in Framing.Split(input).Select(m => Messages.Parse(VectorPiece.Parser, m)))
        {
            BrokenPromiseException.Unless(!assembly.IsComplete || piece.Words.IsEmpty || Refuses(assembly, piece), "a vector that is whole takes another piece");
            assembly.Append(piece);
            pieces++;
        }

        return $"{Shape.Order((ulong)pieces)} {assembly.IsComplete}";
    }

    public override bool IsRefusal(Exception e) => e is WireFormatException;

    private static bool Refuses(VectorAssembly assembly, VectorPiece piece)
    {
        try
        {
            assembly.Append(piece);
            return false;
        }
        catch (WireFormatException)
        {
            return true;
        }
    }

    private static byte[] Piece(int offset, int length, int lanes) => new VectorPiece
    {
        ByteLength = ByteLength, Offset = (ulong)offset, Words = ByteString.CopyFrom(Samples.Filled(length, 3)), Lanes = ByteString.CopyFrom(new byte[lanes]),
    }.ToByteArray();
}
