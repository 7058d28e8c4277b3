using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>Makes a route of each method that a generated base class binds.</summary>
internal sealed class EndpointBinder<TService>(IEndpointRouteBuilder endpoints, GrpcServiceOptions options, ILogger logger) : ServiceBinderBase
    where TService : class
{
    /// <summary>The routes made so far.</summary>
    public List<IEndpointConventionBuilder> Conventions { get; } = [];

    /// <summary>Calls the static Bind method that the generated base class names.</summary>
    public void Bind()
    {
        var attribute = typeof(TService).GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)
            ?? throw new InvalidOperationException($"{typeof(TService)} does not derive from a generated gRPC service.");

        Type? generated = typeof(TService);
        while (generated is not null && generated.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is null)
            generated = generated.BaseType;

        const BindingFlags Static = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static;
        var bind = attribute.BindType.GetMethod(attribute.BindMethodName, Static, [typeof(ServiceBinderBase), generated!])
            ?? throw new InvalidOperationException($"{attribute.BindType} has no method {attribute.BindMethodName}.");
        bind.Invoke(null, [this, null]);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Find(method, typeof(TRequest), typeof(ServerCallContext));
        var handle = implementation.CreateDelegate<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>();
        Map(method, implementation, async (service, call) =>
        {
            var request = await new RequestReader<TRequest>(call, method.RequestMarshaller).ReadSingleAsync();
            await WriteSingleAsync(call, method, await handle(service, request, call));
        });
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Find(method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        var handle = implementation.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>();
        Map(method, implementation, async (service, call) =>
            await WriteSingleAsync(call, method, await handle(service, Requests(call, method), call)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Find(method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var handle = implementation.CreateDelegate<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        Map(method, implementation, async (service, call) =>
        {
            var request = await new RequestReader<TRequest>(call, method.RequestMarshaller).ReadSingleAsync();
            await handle(service, request, new ResponseStream<TResponse>(call, method.ResponseMarshaller), call);
        });
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Find(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var handle = implementation
            .CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        Map(method, implementation, (service, call) =>
            handle(service, Requests(call, method), new ResponseStream<TResponse>(call, method.ResponseMarshaller), call));
    }

    private static RequestStream<TRequest> Requests<TRequest, TResponse>(HttpServerCallContext call, Method<TRequest, TResponse> method)
        where TRequest : class => new(call, new RequestReader<TRequest>(call, method.RequestMarshaller));

    private static Task WriteSingleAsync<TRequest, TResponse>(
        HttpServerCallContext call, Method<TRequest, TResponse> method, TResponse? response)
    {
        if (response is null) throw new RpcException(new Status(StatusCode.Internal, "No message returned from method."));

        // No flush: the message leaves together with the trailers.
        return call.WriteMessageAsync(method.ResponseMarshaller, response, flush: false, CancellationToken.None);
    }

    private static MethodInfo Find(IMethod method, params Type[] parameters) =>
        typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)
        ?? throw new InvalidOperationException($"{typeof(TService)} has no method {method.Name} for {method.FullName}.");

    private void Map(IMethod method, MethodInfo implementation, Func<TService, HttpServerCallContext, Task> body)
    {
        var handler = new CallHandler<TService>(method, options, logger, body);
        var route = endpoints.MapMethods(method.FullName, [HttpMethods.Post], handler.HandleAsync);
        route.WithDisplayName($"gRPC - {method.FullName}");
        route.WithMetadata([.. typeof(TService).GetCustomAttributes(inherit: true), .. implementation.GetCustomAttributes(inherit: true)]);
        Conventions.Add(route);
    }
}
