using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>Serves the requests for one method.</summary>
/// <param name="method">The method.</param>
/// <param name="options">The server's options.</param>
/// <param name="logger">Where failures go.</param>
/// <param name="body">Reads, handles and writes: the part in which the four kinds of call differ.</param>
internal sealed class CallHandler<TService>(
    IMethod method, GrpcServiceOptions options, ILogger logger, Func<TService, HttpServerCallContext, Task> body)
    where TService : class
{
    private readonly bool _streamsRequests = method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming;

    /// <summary>Serves one request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        if (!RequestCheck.Accept(http, _streamsRequests)) return;

        using var call = new HttpServerCallContext(http, options, logger);
        Status status;
        try
        {
            call.StartDeadline();
            await using var service = ServiceLease<TService>.Take(http.RequestServices);
            await body(service.Instance, call);
            status = call.Status;
        }
        catch (Exception exception)
        {
            status = call.StatusOf(exception);
        }

        await call.EndAsync(status);
    }
}
