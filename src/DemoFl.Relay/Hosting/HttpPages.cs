using DemoFl.Relay.Coordination;
using DemoFl.Relay.Peers;
using DemoFl.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace DemoFl.Relay.Hosting;

/// <summary>
/// The HTTP/1.1 pages, on a port of their own: is the process alive, and what is the federation doing. Read-only: a request with a body is refused
/// and its connection closed, so that nothing in it can pass for a request.
/// </summary>
internal sealed class HttpPages(CoordinatorLoop loop, HostLimits limits)
{
    private readonly MinDataRate _pace = new(limits.MinBytesPerSecond, limits.RateGrace);

    public async Task RunAsync(HttpContext http)
    {
        var connection = http.Features.GetRequiredFeature<PeerConnection>();
        connection.CallBegan();
        try
        {
            await AnswerAsync(http, connection);
        }
        finally
        {
            connection.CallEnded(abandoned: http.RequestAborted.IsCancellationRequested);
        }
    }

    private Task AnswerAsync(HttpContext http, PeerConnection connection)
    {
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = _pace;
        }

        if (http.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody)
        {
            connection.Report(Audit.AuditKind.MessageRefused, "a request with a body");
            http.Response.Headers.Connection = "close";
            return WriteAsync(http, StatusCodes.Status413PayloadTooLarge, "text/plain", "These pages take no request with a body.\n");
        }

        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            return WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "text/plain", "These pages can only be read.\n");
        }

        return http.Request.Path.Value switch
        {
            "/" => WriteAsync(http, StatusCodes.Status200OK, "text/plain", Describe(loop.Status)),
            "/healthz" => WriteAsync(http, StatusCodes.Status200OK, "text/plain", "ok\n"),
            "/status.json" => WriteAsync(http, StatusCodes.Status200OK, "application/json", JsonFormatter.Default.Format(loop.Status)),
            _ => WriteAsync(http, StatusCodes.Status404NotFound, "text/plain", "There is /, /healthz and /status.json.\n"),
        };
    }

    private static Task WriteAsync(HttpContext http, int status, string type, string text)
    {
        byte[] content = System.Text.Encoding.UTF8.GetBytes(text);
        (http.Response.StatusCode, http.Response.ContentType, http.Response.ContentLength) = (status, $"{type}; charset=utf-8", content.Length);
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(content).AsTask();
    }

    private static string Describe(FederationStatus status) => $"""
        phase     {status.Phase}
        round     {status.RoundsCommitted} of {status.RoundsWanted} committed, round number {status.Round}
        term      {status.Term}
        leaders   {string.Join(", ", status.Leaders)}
        nodes     {status.NodesPresent} present, {status.NodesKeyed} with keys
        accuracy  {(double.IsNaN(status.Accuracy) ? "not judged yet" : $"{status.Accuracy:0.00 %}, loss {status.Loss:0.0000}")}

        """;
}
