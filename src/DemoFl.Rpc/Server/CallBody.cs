using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>Reads, handles and writes one call: the part in which the four kinds differ.</summary>
internal static class CallBody
{
    public static async Task RunAsync<TRequest, TResponse>(
        HttpServerCallContext call, Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        var request = await new RequestReader<TRequest>(call, method.RequestMarshaller).ReadSingleAsync();
        await WriteSingleAsync(call, method, await handler(request, call));
    }

    public static async Task RunAsync<TRequest, TResponse>(
        HttpServerCallContext call, Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => await WriteSingleAsync(call, method, await handler(Requests(call, method), call));

    public static async Task RunAsync<TRequest, TResponse>(
        HttpServerCallContext call, Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        var request = await new RequestReader<TRequest>(call, method.RequestMarshaller).ReadSingleAsync();
        await handler(request, Responses(call, method), call);
    }

    public static Task RunAsync<TRequest, TResponse>(
        HttpServerCallContext call, Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => handler(Requests(call, method), Responses(call, method), call);

    private static RequestStream<TRequest> Requests<TRequest, TResponse>(HttpServerCallContext call, Method<TRequest, TResponse> method)
        where TRequest : class => new(call, new RequestReader<TRequest>(call, method.RequestMarshaller));

    private static ResponseStream<TResponse> Responses<TRequest, TResponse>(HttpServerCallContext call, Method<TRequest, TResponse> method)
        where TResponse : class => new(call, method.ResponseMarshaller);

    private static Task WriteSingleAsync<TRequest, TResponse>(
        HttpServerCallContext call, Method<TRequest, TResponse> method, TResponse? response)
    {
        if (response is null) throw new RpcException(new Status(StatusCode.Internal, "No message returned from method."));

        // No flush: the message leaves together with the trailers.
        var flags = (call.WriteOptions?.Flags ?? default) | WriteFlags.BufferHint;
        return call.WriteMessageAsync(method.ResponseMarshaller, response, flags, CancellationToken.None);
    }
}
