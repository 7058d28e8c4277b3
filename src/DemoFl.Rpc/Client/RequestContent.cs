using System.Net;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>A request body of one message.</summary>
internal sealed class RequestContent<T> : HttpContent
{
    private readonly Marshaller<T> _marshaller;
    private readonly T _message;
    private readonly MessageSerializer _serializer;
    private readonly WriteFlags _flags;

    public RequestContent(Marshaller<T> marshaller, T message, MessageSerializer serializer, WriteFlags flags)
    {
        _marshaller = marshaller;
        _message = message;
        _serializer = serializer;
        _flags = flags;
        Headers.TryAddWithoutValidation("Content-Type", GrpcHeaders.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var buffer = new PooledBuffer();
        _serializer.Write(_marshaller, _message, buffer, _flags);
        await stream.WriteAsync(buffer.WrittenMemory, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
