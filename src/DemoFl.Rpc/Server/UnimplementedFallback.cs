using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Grpc.AspNetCore.Server;

/// <summary>Answers gRPC requests for unknown services and methods, once per application; other requests pass it by.</summary>
internal sealed class UnimplementedFallback
{
    private int _mapped;

    /// <summary>Adds the route unless it is there.</summary>
    public void MapOnce(IEndpointRouteBuilder endpoints)
    {
        if (Interlocked.Exchange(ref _mapped, 1) != 0) return;

        var pattern = RoutePatternFactory.Parse(
            "{grpcService}/{grpcMethod}", defaults: null, parameterPolicies: new { grpcMethod = new IsGrpcRequest() });
        endpoints.Map(pattern, AnswerAsync)
            .WithDisplayName("gRPC - Unimplemented")
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Post]))
            .Add(builder => ((RouteEndpointBuilder)builder).Order = int.MaxValue);
    }

    private static Task AnswerAsync(HttpContext http)
    {
        if (RequestCheck.Accept(http, streamsRequests: false))
        {
            var detail = $"The method {http.Request.Path} is not implemented.";
            RequestCheck.Refuse(http, StatusCodes.Status200OK, StatusCode.Unimplemented, detail);
        }

        return Task.CompletedTask;
    }

    private sealed class IsGrpcRequest : IRouteConstraint
    {
        public bool Match(
            HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            httpContext is not null && GrpcHeaders.IsGrpc(httpContext.Request.ContentType);
    }
}
