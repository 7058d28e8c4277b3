using System.Reflection;
using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>Routes each method that a generated base class binds to the service's own method of that name.</summary>
internal sealed class ServiceBinder<TService>(CallRoutes routes) : ServiceBinderBase
    where TService : class
{
    /// <summary>Calls the static method that the generated base class names.</summary>
    public void Bind()
    {
        Type? generated = typeof(TService);
        while (generated is not null && generated.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is null)
            generated = generated.BaseType;

        var attribute = generated?.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false)
            ?? throw new InvalidOperationException($"{typeof(TService)} does not derive from a generated gRPC service.");
        const BindingFlags Static = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static;
        var bind = attribute.BindType.GetMethod(attribute.BindMethodName, Static, [typeof(ServiceBinderBase), generated!])
            ?? throw new InvalidOperationException($"{attribute.BindType} has no method {attribute.BindMethodName}.");
        bind.Invoke(null, [this, null]);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var own = Find(method, typeof(TRequest), typeof(ServerCallContext));
        var handle = own.CreateDelegate<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>();
        Add(method, own, (service, call) => CallBody.RunAsync(call, method, (request, context) => handle(service, request, context)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var own = Find(method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        var handle = own.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>();
        Add(method, own, (service, call) => CallBody.RunAsync(
            call, method, (IAsyncStreamReader<TRequest> requests, ServerCallContext context) => handle(service, requests, context)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var own = Find(method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var handle = own.CreateDelegate<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        Add(method, own, (service, call) => CallBody.RunAsync(
            call, method, (TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context) =>
                handle(service, request, responses, context)));
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var own = Find(method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        var handle = own
            .CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
        Add(method, own, (service, call) => CallBody.RunAsync(
            call, method, (IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context) =>
                handle(service, requests, responses, context)));
    }

    private static MethodInfo Find(IMethod method, params Type[] parameters) =>
        typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)
        ?? throw new InvalidOperationException($"{typeof(TService)} has no method {method.Name} for {method.FullName}.");

    private void Add(IMethod method, MethodInfo own, Func<TService, HttpServerCallContext, Task> body)
    {
        // Attributes such as [Authorize] become the route's metadata; the method's come last and win.
        object[] metadata = [.. typeof(TService).GetCustomAttributes(inherit: true), .. own.GetCustomAttributes(inherit: true)];
        routes.Add(method, metadata, async call =>
        {
            await using var service = ServiceLease<TService>.Take(call.HttpContext.RequestServices);
            await body(service.Instance, call);
        });
    }
}
