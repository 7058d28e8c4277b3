using System.Buffers;

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
}
