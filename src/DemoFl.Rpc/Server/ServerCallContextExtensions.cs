using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>From a gRPC call to the HTTP request below it.</summary>
public static class ServerCallContextExtensions
{
    /// <summary>The HTTP request. Throws <see cref="InvalidOperationException"/> for a call not made over HTTP, as in tests.</summary>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext) => serverCallContext is HttpServerCallContext call
        ? call.HttpContext
        : throw new InvalidOperationException("This call did not come over HTTP.");
}
