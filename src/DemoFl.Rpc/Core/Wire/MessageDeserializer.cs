using System.Buffers;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Grpc.Core.Wire;

/// <summary>Parses messages from received bytes. One per call and direction; not thread-safe.</summary>
internal sealed class MessageDeserializer(int? maxLength) : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;

    public override int PayloadLength => (int)_payload.Length;

    /// <summary>Decompresses, if need be, and parses one message.</summary>
    /// <exception cref="RpcException">The bytes are no such message, or unpack to more than the limit.</exception>
    public T Read<T>(Marshaller<T> marshaller, ReadOnlySequence<byte> payload, bool compressed)
    {
        if (!compressed) return Parse(marshaller, payload);

        using var unpacked = new PooledBuffer(maxLength);
        MessageEncoding.Decompress(payload, maxLength, unpacked);
        return Parse(marshaller, new ReadOnlySequence<byte>(unpacked.WrittenMemory));
    }

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    private T Parse<T>(Marshaller<T> marshaller, ReadOnlySequence<byte> payload)
    {
        _payload = payload;
        if (Type<T>.Descriptor is { } type && !MessageGuard.Holds(type, payload))
            throw new RpcException(new Status(StatusCode.Internal, "The message cannot be parsed."));
        try
        {
            return marshaller.ContextualDeserializer(this);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The message cannot be parsed.", exception));
        }
        finally
        {
            // The bytes go back to their pool; a marshaller that kept this context must not see them.
            _payload = default;
        }
    }

    /// <summary>A protobuf message's own description of itself; null for messages of other kinds.</summary>
    private static class Type<T>
    {
        public static readonly MessageDescriptor? Descriptor =
            typeof(T).IsAssignableTo(typeof(IMessage)) ? ((IMessage)RuntimeHelpers.GetUninitializedObject(typeof(T))).Descriptor : null;
    }
}
