using System.Buffers;
using Grpc.Core;

namespace DemoFl.Benchmarks.Streams;

/// <summary>A message that is nothing but its bytes: written from where they are, and added up in the buffers they arrived in.</summary>
internal sealed class Frame
{
    private Frame(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    private Frame(ByteTotal total) => Total = total;

    /// <summary>One piece to send.</summary>
    public static Frame Piece { get; } = new(Payload.Piece);

    public static Marshaller<Frame> Marshaller { get; } = Marshallers.Create(Write, Read);

    /// <summary>What to send; empty in a received frame.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>What was received.</summary>
    public ByteTotal Total { get; }

    private static void Write(Frame frame, SerializationContext context)
    {
        context.SetPayloadLength(frame.Bytes.Length);
        context.GetBufferWriter().Write(frame.Bytes.Span);
        context.Complete();
    }

    private static Frame Read(DeserializationContext context)
    {
        var total = default(ByteTotal);
        foreach (var segment in context.PayloadAsReadOnlySequence())
            total.Add(segment.Span);
        return new Frame(total);
    }
}
