using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>Serves the requests for one method.</summary>
internal sealed class CallHandler(IMethod method, GrpcServiceOptions options, ILogger logger, Func<HttpServerCallContext, Task> body)
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
            await body(call);
            status = call.Status;
        }
        catch (Exception exception)
        {
            status = call.StatusOf(exception);
        }

        await call.EndAsync(status);
    }
}
