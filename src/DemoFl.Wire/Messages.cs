using System.Buffers;
using Google.Protobuf;
using Grpc.Core.Wire;

namespace DemoFl.Wire;

/// <summary>Parses messages that come in anything else than a call: within others, sealed, from files.</summary>
public static class Messages
{
    /// <summary>One message, all of the bytes.</summary>
    /// <exception cref="WireFormatException">They are no such message.</exception>
    public static T Parse<T>(MessageParser<T> parser, ReadOnlyMemory<byte> bytes)
        where T : class, IMessage<T>, new()
    {
        var sequence = new ReadOnlySequence<byte>(bytes);
        try
        {
            return MessageGuard.Holds(Type<T>.Value, sequence) ? parser.ParseFrom(sequence) : throw Malformed<T>();
        }
        catch (InvalidProtocolBufferException)
        {
            throw Malformed<T>();
        }
    }

    private static WireFormatException Malformed<T>()
        where T : class, IMessage<T>, new() => new($"The bytes are not a {Type<T>.Value.Name}.");

    private static class Type<T>
        where T : class, IMessage<T>, new()
    {
        public static readonly Google.Protobuf.Reflection.MessageDescriptor Value = new T().Descriptor;
    }
}
