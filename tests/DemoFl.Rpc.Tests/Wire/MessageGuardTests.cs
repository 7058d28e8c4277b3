using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Core.Wire;

namespace DemoFl.Rpc.Tests.Wire;

/// <summary>Messages of a few bytes that make the protobuf library allocate gigabytes, and honest ones.</summary>
public sealed class MessageGuardTests
{
    private const long NotMuch = 1024 * 1024;

    /// <summary>A Status: code in field 1, message in field 2, details (Any: type_url in 1, value in 2) in field 3.</summary>
    private static readonly Google.Rpc.Status Honest = new()
    {
        Code = 7, Message = "no", Details = { Any.Pack(new Google.Rpc.ErrorInfo { Domain = "d", Reason = "r", Metadata = { ["key"] = "value" } }), new Any() },
    };

    [Theory]
    [InlineData("1AFFFFFFFF07", "a nested message that claims 2 GiB")]
    [InlineData("1AFFFFFFFF0712F0FFFFFF07", "and bytes in it that claim as much")]
    [InlineData("1AFFFFFFFF0712FFFFFF7F", "and bytes in it that claim 256 MiB")]
    [InlineData("1A0412FFFFFF7F", "bytes that claim more than the message around them has")]
    [InlineData("12FFFFFF7F", "a text that claims more than there is")]
    [InlineData("FAFFFFFF0FFFFFFFFF07", "an unknown field that claims 2 GiB")]
    [InlineData("1A", "a tag without a field")]
    [InlineData("0D0000", "a number that is cut off")]
    [InlineData("08FFFFFFFFFFFFFFFFFFFFFF", "a varint without an end")]
    [InlineData("0B", "a group without an end")]
    [InlineData("0C", "an end without a group")]
    [InlineData("0F", "a field that is written in no way there is")]
    public void Read_LengthThatIsNotTrue_IsRefusedBeforeAnythingIsAllocated(string hex, string what)
    {
        var payload = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        var deserializer = new MessageDeserializer(1024);
        Assert.ThrowsAny<RpcException>(() => deserializer.Read(Marshaller, payload, compressed: false));
        long before = GC.GetAllocatedBytesForCurrentThread();

        var refusal = Assert.Throws<RpcException>(() => deserializer.Read(Marshaller, payload, compressed: false));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < NotMuch, what);
        Assert.Equal(StatusCode.Internal, refusal.StatusCode);
    }

    [Fact]
    public void Holds_NestedBeyondWhatIsParsed_IsFalse()
    {
        byte[] message = [];
        for (int depth = 0; depth < 150; depth++)
        {
            message = [0x0A, .. Varint(message.Length), .. message];
        }

        // A FileDescriptorProto has no such depth; a struct's lists have any: list_value (6) of values (1).
        Assert.False(Holds(Nested(150), Value.Descriptor));
        Assert.True(Holds(Nested(20), Value.Descriptor));
        Assert.True(Holds(message, BytesValue.Descriptor));
    }

    [Fact]
    public void Read_HonestMessageInAnyPieces_IsTheMessage()
    {
        byte[] bytes = Honest.ToByteArray();
        for (int at = 0; at <= bytes.Length; at++)
        {
            var first = new Segment(bytes.AsMemory(0, at), null);
            var second = new Segment(bytes.AsMemory(at), first);
            var payload = new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);

            Assert.Equal(Honest, new MessageDeserializer(1024).Read(Marshaller, payload, compressed: false));
        }
    }

    [Fact]
    public void Holds_UnknownFieldsAndGroups_IsTrue()
    {
        byte[] message = [0x9B, 0x06, 0x1A, 0x02, 0xFF, 0xFF, 0x9C, 0x06, 0xA2, 0x06, 0x01, 0xFF, .. Honest.ToByteArray()];

        Assert.True(Holds(message, Google.Rpc.Status.Descriptor));
        Assert.Equal(7, Google.Rpc.Status.Parser.ParseFrom(message).Code);
    }

    private static Marshaller<Google.Rpc.Status> Marshaller { get; } = Marshallers.Create(
        (message, context) => context.Complete(message.ToByteArray()), context => Google.Rpc.Status.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    private static bool Holds(byte[] message, MessageDescriptor type) => MessageGuard.Holds(type, new ReadOnlySequence<byte>(message));

    private static byte[] Nested(int depth)
    {
        byte[] message = [];
        for (int i = 0; i < depth; i++)
        {
            byte tag = (byte)(i % 2 == 0 ? 0x32 : 0x0A);
            message = [tag, .. Varint(message.Length), .. message];
        }

        return depth % 2 == 0 ? [0x32, .. Varint(message.Length), .. message] : message;
    }

    private static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
