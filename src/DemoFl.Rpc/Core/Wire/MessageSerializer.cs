using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>
/// Serialises messages with their prefix into a buffer writer. A marshaller that announces the length writes straight into it, any
/// other goes through a pooled buffer. One per call and direction; not thread-safe.
/// </summary>
internal sealed class MessageSerializer(int? maxLength) : SerializationContext
{
    private IBufferWriter<byte>? _target;
    private PooledBuffer? _staging;
    private int? _announced;
    private bool _completed;

    /// <summary>Writes one message.</summary>
    /// <exception cref="RpcException">The message is longer than the limit; nothing was written.</exception>
    public void Write<T>(Marshaller<T> marshaller, T message, IBufferWriter<byte> target)
    {
        _target = target;
        _announced = null;
        _completed = false;
        try
        {
            marshaller.ContextualSerializer(message, this);
            if (!_completed) throw new InvalidOperationException("The marshaller did not complete the message.");
        }
        finally
        {
            _target = null;
            _staging?.Dispose();
            _staging = null;
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        ThrowIfCompleted();
        _announced = payloadLength;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        ThrowIfCompleted();
        if (_announced is not { } length) return _staging ??= new PooledBuffer();

        WritePrefix(length);
        return _target!;
    }

    public override void Complete(byte[] payload)
    {
        ThrowIfCompleted();
        WritePrefix(payload.Length);
        _target!.Write(payload);
        _completed = true;
    }

    public override void Complete()
    {
        ThrowIfCompleted();
        if (_announced is null)
        {
            var payload = _staging?.WrittenMemory ?? default;
            WritePrefix(payload.Length);
            _target!.Write(payload.Span);
        }

        _completed = true;
    }

    private void WritePrefix(int length)
    {
        if (length > (maxLength ?? int.MaxValue))
        {
            const string Detail = "Sending message exceeds the maximum configured message size.";
            throw new RpcException(new Status(StatusCode.ResourceExhausted, Detail));
        }

        if (_target is PooledBuffer buffer) buffer.Reserve(checked(MessageFrame.PrefixLength + length));
        MessageFrame.WritePrefix(_target!.GetSpan(MessageFrame.PrefixLength), length);
        _target.Advance(MessageFrame.PrefixLength);
    }

    private void ThrowIfCompleted()
    {
        if (_completed || _target is null) throw new InvalidOperationException("The message is already complete.");
    }
}
