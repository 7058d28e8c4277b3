using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps gRPC services to routes.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the methods of a service that derives from a generated base class. The instance comes from the container if the type is
    /// registered there, otherwise each call gets its own. Throws <see cref="InvalidOperationException"/> without AddGrpc.
    /// </summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder)
        where TService : class
    {
        var routes = new CallRoutes(builder);
        new ServiceBinder<TService>(routes).Bind();
        return routes.Conventions;
    }

    /// <summary>Maps a definition with its handlers. Throws <see cref="InvalidOperationException"/> without AddGrpc.</summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService(
        this IEndpointRouteBuilder builder, ServerServiceDefinition serviceDefinition)
    {
        var routes = new CallRoutes(builder);
        serviceDefinition.BindService(new DefinitionBinder(routes));
        return routes.Conventions;
    }
}
