using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>The handler's way to write a stream of responses.</summary>
internal sealed class ResponseStream<T>(HttpServerCallContext call, Marshaller<T> marshaller) : IServerStreamWriter<T>
    where T : class
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        var flags = (WriteOptions ?? call.WriteOptions)?.Flags ?? default;
        return call.WriteMessageAsync(marshaller, message, flags, cancellationToken);
    }
}
