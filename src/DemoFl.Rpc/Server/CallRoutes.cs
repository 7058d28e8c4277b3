using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server;

/// <summary>Makes routes of methods.</summary>
internal sealed class CallRoutes
{
    private readonly IEndpointRouteBuilder _endpoints;
    private readonly GrpcServiceOptions _options;
    private readonly ILogger _logger;
    private readonly List<IEndpointConventionBuilder> _routes = [];

    /// <summary>Prepares for routes on an application that has gRPC configured.</summary>
    /// <exception cref="InvalidOperationException">It has not, or wrongly.</exception>
    public CallRoutes(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var fallback = services.GetService<UnimplementedFallback>()
            ?? throw new InvalidOperationException("gRPC is not configured: call AddGrpc on the application's services first.");

        _endpoints = endpoints;
        _options = services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value;
        if (!MessageEncoding.IsSupported(_options.ResponseCompressionAlgorithm))
        {
            throw new InvalidOperationException(
                $"{nameof(GrpcServiceOptions.ResponseCompressionAlgorithm)} '{_options.ResponseCompressionAlgorithm}' is none of "
                + $"{MessageEncoding.Supported}.");
        }

        _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Grpc.AspNetCore.Server");
        fallback.MapOnce(endpoints);
    }

    /// <summary>Conventions for the routes made so far.</summary>
    public GrpcServiceEndpointConventionBuilder Conventions => new(_routes);

    /// <summary>Makes a route.</summary>
    public void Add(IMethod method, IEnumerable<object> metadata, Func<HttpServerCallContext, Task> body)
    {
        var handler = new CallHandler(method, _options, _logger, body);
        var route = _endpoints.MapMethods(method.FullName, [HttpMethods.Post], handler.HandleAsync);
        route.WithDisplayName($"gRPC - {method.FullName}");
        route.WithMetadata([.. metadata]);
        _routes.Add(route);
    }
}
