using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>Routes the methods of a definition to the handlers in it.</summary>
internal sealed class DefinitionBinder(CallRoutes routes) : ServiceBinderBase
{
    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        routes.Add(method, [], call => CallBody.RunAsync(call, method, handler!));

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        routes.Add(method, [], call => CallBody.RunAsync(call, method, handler!));

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        routes.Add(method, [], call => CallBody.RunAsync(call, method, handler!));

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        routes.Add(method, [], call => CallBody.RunAsync(call, method, handler!));
}
