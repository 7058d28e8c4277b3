using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.AspNetCore.Server;

/// <summary>Reads requests straight from the connection's buffers. Not thread-safe.</summary>
internal sealed class RequestReader<T>(HttpServerCallContext call, Marshaller<T> marshaller)
    where T : class
{
    private readonly PipeReader _input = call.HttpContext.Request.BodyReader;
    private readonly MessageDeserializer _deserializer = new(call.Options.MaxReceiveMessageSize);
    private readonly string? _encoding = call.HttpContext.Request.Headers[GrpcHeaders.Encoding];

    /// <summary>Reads the next message; null at the end of the stream.</summary>
    public async ValueTask<T?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var result = await _input.ReadAsync(cancellationToken);
                if (TryTake(result, out var message)) return message;
            }
        }
        catch (IOException)
        {
            // A reset may be seen here, on taking bytes or on giving them back, before the request's token is cancelled.
            call.NoteCutOff();
            throw;
        }
    }

    /// <summary>Reads the only message of a stream.</summary>
    public async ValueTask<T> ReadSingleAsync()
    {
        var message = await ReadAsync(call.CancellationToken) ?? throw MessageFrame.Incomplete();
        return await ReadAsync(call.CancellationToken) is null
            ? message
            : throw new RpcException(new Status(StatusCode.Internal, "Additional data after the message received."));
    }

    /// <summary>Takes a message, or null where the stream has ended; false when more bytes are wanted.</summary>
    private bool TryTake(ReadResult result, out T? message)
    {
        var buffer = result.Buffer;
        var consumed = buffer.Start;
        var examined = buffer.End;
        message = null;
        try
        {
            if (TryTakeFrame(ref buffer, out var payload, out var compressed))
            {
                consumed = examined = buffer.Start;
                message = _deserializer.Read(marshaller, payload, compressed);
                return true;
            }

            if (result.IsCompleted && !buffer.IsEmpty) throw MessageFrame.Incomplete();
            return result.IsCompleted;
        }
        finally
        {
            _input.AdvanceTo(consumed, examined);
        }
    }

    private bool TryTakeFrame(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> payload, out bool compressed)
    {
        payload = default;
        compressed = false;
        if (buffer.Length < MessageFrame.PrefixLength) return false;

        Span<byte> prefix = stackalloc byte[MessageFrame.PrefixLength];
        buffer.Slice(0, MessageFrame.PrefixLength).CopyTo(prefix);
        (var length, compressed) = MessageFrame.ReadPrefix(prefix, call.Options.MaxReceiveMessageSize, _encoding);
        if (buffer.Length - MessageFrame.PrefixLength < length) return false;

        payload = buffer.Slice(MessageFrame.PrefixLength, length);
        buffer = buffer.Slice(payload.End);
        return true;
    }
}
