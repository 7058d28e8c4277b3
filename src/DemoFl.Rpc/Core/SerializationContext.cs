using System.Buffers;

namespace Grpc.Core;

/// <summary>
/// Where a marshaller writes one message: either all of it with <see cref="Complete(byte[])"/>, or through
/// <see cref="GetBufferWriter"/> followed by <see cref="Complete()"/>.
/// </summary>
public abstract class SerializationContext
{
    /// <summary>Writes the whole message and ends it.</summary>
    public virtual void Complete(byte[] payload) => throw new NotImplementedException();

    /// <summary>The writer for the message's bytes.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotImplementedException();

    /// <summary>Announces the exact length in bytes before <see cref="GetBufferWriter"/>, which then needs no copy.</summary>
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    /// <summary>Ends the message.</summary>
    public virtual void Complete() => throw new NotImplementedException();
}
