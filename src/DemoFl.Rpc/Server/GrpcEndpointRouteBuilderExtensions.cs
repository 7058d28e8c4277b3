using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

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
        var services = builder.ServiceProvider;
        var fallback = services.GetService<UnimplementedFallback>()
            ?? throw new InvalidOperationException("gRPC is not configured: call AddGrpc on the application's services first.");

        var options = services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger<TService>();
        var binder = new EndpointBinder<TService>(builder, options, logger);
        binder.Bind();
        fallback.MapOnce(builder);
        return new GrpcServiceEndpointConventionBuilder(binder.Conventions);
    }
}
