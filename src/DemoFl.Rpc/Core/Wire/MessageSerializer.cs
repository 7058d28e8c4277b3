using System.Buffers;
using System.IO.Compression;

namespace Grpc.Core.Wire;

/// <summary>
/// Serialises messages with their prefix into a buffer writer. A marshaller that announces the length writes straight into it, any
/// other goes through a pooled buffer, and so does a message to be compressed. One per call and direction; not thread-safe.
/// </summary>
internal sealed class MessageSerializer(int? maxLength, CompressionLevel? compression = null) : SerializationContext
{
    private IBufferWriter<byte>? _target;
    private PooledBuffer? _staging;
    private int? _announced;
    private bool _compresses;
    private bool _completed;

    /// <summary>Writes one message, compressed if that is agreed, allowed by the flags and makes it shorter.</summary>
    /// <exception cref="RpcException">The message is longer than the limit; nothing was written.</exception>
    public void Write<T>(Marshaller<T> marshaller, T message, IBufferWriter<byte> target, WriteFlags flags = default)
    {
        _target = target;
        _announced = null;
        _compresses = compression is not null && !flags.HasFlag(WriteFlags.NoCompress);
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
        if (_announced is { } announced) ThrowIfTooLong(announced);
        if (_compresses || _announced is not { } length) return _staging ??= new PooledBuffer();

        WritePrefix(length);
        return _target!;
    }

    public override void Complete(byte[] payload)
    {
        ThrowIfCompleted();
        WritePayload(payload);
        _completed = true;
    }

    public override void Complete()
    {
        ThrowIfCompleted();
        if (_compresses || _announced is null) WritePayload((_staging?.WrittenMemory ?? default).Span);

        _completed = true;
    }

    private void WritePayload(ReadOnlySpan<byte> payload)
    {
        ThrowIfTooLong(payload.Length);
        if (_compresses && MessageEncoding.Compress(payload, compression!.Value) is var compressed && compressed.Length < payload.Length)
        {
            WritePrefix(compressed.Length, compressed: true);
            _target!.Write(compressed.Span);
            return;
        }

        WritePrefix(payload.Length);
        _target!.Write(payload);
    }

    private void ThrowIfTooLong(int length)
    {
        const string Detail = "Sending message exceeds the maximum configured message size.";
        if (length > (maxLength ?? int.MaxValue)) throw new RpcException(new Status(StatusCode.ResourceExhausted, Detail));
    }

    private void WritePrefix(int length, bool compressed = false)
    {
        if (_target is PooledBuffer buffer) buffer.Reserve(checked(MessageFrame.PrefixLength + length));
        MessageFrame.WritePrefix(_target!.GetSpan(MessageFrame.PrefixLength), length, compressed);
        _target.Advance(MessageFrame.PrefixLength);
    }

    private void ThrowIfCompleted()
    {
        if (_completed || _target is null) throw new InvalidOperationException("The message is already complete.");
    }
}
