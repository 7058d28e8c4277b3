using System.Buffers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace DemoFl.Rpc.Tests.Wire;

public sealed class MessageSerializerTests
{
    private static readonly byte[] Payload = [1, 2, 3];
    private static readonly byte[] Frame = [0, 0, 0, 0, 3, 1, 2, 3];

    public static TheoryData<Action<byte[], SerializationContext>> Styles => new()
    {
        (message, context) => context.Complete(message),
        (message, context) =>
        {
            context.SetPayloadLength(message.Length);
            context.GetBufferWriter().Write(message);
            context.Complete();
        },
        (message, context) =>
        {
            context.GetBufferWriter().Write(message.AsSpan(0, 1));
            context.GetBufferWriter().Write(message.AsSpan(1));
            context.Complete();
        },
    };

    [Theory]
    [MemberData(nameof(Styles))]
    public void Write_EachStyleOfMarshaller_GivesTheSameFrame(Action<byte[], SerializationContext> style)
    {
        using var buffer = new PooledBuffer();

        new MessageSerializer(3).Write(Create(style), Payload, buffer);

        Assert.Equal(Frame, buffer.WrittenMemory.ToArray());
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void Write_OverTheLimit_WritesNothing(Action<byte[], SerializationContext> style)
    {
        using var buffer = new PooledBuffer();

        var refusal = Assert.Throws<RpcException>(() => new MessageSerializer(2).Write(Create(style), Payload, buffer));

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Equal(0, buffer.WrittenMemory.Length);
    }

    [Fact]
    public void Write_MarshallerThatForgetsToComplete_IsABug()
    {
        using var buffer = new PooledBuffer();

        Assert.Throws<InvalidOperationException>(() => new MessageSerializer(null).Write(Create((_, _) => { }), Payload, buffer));
    }

    private static Marshaller<byte[]> Create(Action<byte[], SerializationContext> style) =>
        Marshallers.Create(style, context => context.PayloadAsNewBuffer());
}
