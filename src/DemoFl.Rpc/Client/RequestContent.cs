using System.Net;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>A request body of one message.</summary>
internal sealed class RequestContent<T> : HttpContent
{
    private readonly Marshaller<T> _marshaller;
    private readonly T _message;
    private readonly int? _maxLength;

    public RequestContent(Marshaller<T> marshaller, T message, int? maxLength)
    {
        _marshaller = marshaller;
        _message = message;
        _maxLength = maxLength;
        Headers.TryAddWithoutValidation("Content-Type", GrpcHeaders.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var buffer = new PooledBuffer();
        new MessageSerializer(_maxLength).Write(_marshaller, _message, buffer);
        await stream.WriteAsync(buffer.WrittenMemory, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
