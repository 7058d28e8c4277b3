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
        while (true)
        {
            var result = await ReadInputAsync(cancellationToken);
            var buffer = result.Buffer;
            var consumed = buffer.Start;
            var examined = buffer.End;
            try
            {
                if (TryTakeFrame(ref buffer, out var payload, out var compressed))
                {
                    consumed = examined = buffer.Start;
                    return _deserializer.Read(marshaller, payload, compressed);
                }

                if (result.IsCompleted) return buffer.IsEmpty ? null : throw MessageFrame.Incomplete();
            }
            finally
            {
                _input.AdvanceTo(consumed, examined);
            }
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

    private async ValueTask<ReadResult> ReadInputAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _input.ReadAsync(cancellationToken);
        }
        catch (IOException)
        {
            // The reset may be seen here before the request's token is cancelled.
            call.NoteCutOff();
            throw;
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
