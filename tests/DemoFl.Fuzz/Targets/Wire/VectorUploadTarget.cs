using DemoFl.Relay.Vectors;
using DemoFl.Sharing;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Fuzz;

/// <summary>
/// The frames of uploads into the store of an open round, one after another by the same sender, as the server takes them: never beyond the length that
/// the round has, never another vector once one is begun.
/// </summary>
internal sealed class VectorUploadTarget() : Target("vector-uploads", InputForm.ProtobufStream)
{
    private const int ByteLength = Samples.Dimension * sizeof(uint);

    public override IEnumerable<byte[]> Seeds()
    {
        byte[] header = Header(VectorKind.Masked, 0, 0).ToByteArray();
        byte[] piece = new VectorFrame { Piece = ByteString.CopyFrom(Samples.Filled(ByteLength, 3)) }.ToByteArray();
        byte[] half = new VectorFrame { Piece = ByteString.CopyFrom(Samples.Filled(ByteLength / 2, 3)) }.ToByteArray();
        yield return Framing.Join([header, piece]);
        yield return Framing.Join([header, half, Header(VectorKind.Masked, 0, ByteLength / 2).ToByteArray(), half]);
        yield return Framing.Join([Header(VectorKind.Sum, 1, 0).ToByteArray(), piece]);
    }

    public override string Read(byte[] input)
    {
        using var store = new VectorStore(1L << 20, Path.GetTempPath());
        var spec = Samples.Spec();
        store.Open(spec);
        store.AcceptSums(spec.Round, Samples.Attempt, Samples.LeaderSet());
        ReceivedVector? vector = null;
        VectorKind kind = default;
        foreach (var frame in Framing.Split(input).Select(m => Messages.Parse(VectorFrame.Parser, m)))
        {
            if (frame.Header is { } header)
            {
                vector?.End();
                vector = Begin(store, header);
                kind = header.Key.Kind;
            }
            else
            {
                (vector ?? throw new WireFormatException("A vector begins with its header.")).Append(frame.Piece.Span);
            }

            BrokenPromiseException.Unless(vector is null || vector.Received <= ByteLength, "more is here than a vector of the round has");
        }

        int read = 0;
        vector?.Read((offset, bytes) => read += offset == read ? bytes.Length : throw new BrokenPromiseException("a vector is read back in another order"));
        BrokenPromiseException.Unless(vector is null || read == vector.Received, "a vector is read back in another length");
        return $"{kind} {vector?.IsComplete}";
    }

    public override bool IsRefusal(Exception e) => e is WireFormatException or VectorRefusedException;

    /// <summary>As <c>VectorTransfer.ReceiveAsync</c> begins.</summary>
    private static ReceivedVector Begin(VectorStore store, VectorHeader header)
    {
        var vector = store.Accept(Samples.Node(0), header);
        if (!vector.TryBegin())
        {
            throw new VectorRefusedException("Another stream is sending this vector.");
        }

        return header.Offset == (ulong)vector.Received ? vector : throw new WireFormatException("header.offset is not where the vector goes on.");
    }

    private static VectorFrame Header(VectorKind kind, uint attempt, int offset) => new()
    {
        Header = new VectorHeader
        {
            Key = new VectorKey { Round = Samples.Round.Value, Attempt = attempt, Kind = kind }, ByteLength = ByteLength, Offset = (ulong)offset,
            NonceHash = kind == VectorKind.Sum ? ByteString.Empty : Field.Of(Hash256.Of([1, 0])), Lanes = ByteString.CopyFrom(new byte[Lanes.Count * sizeof(ulong)]),
        },
    };
}
