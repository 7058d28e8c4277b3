using System.Globalization;
using DemoFl.Relay.Audit;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DemoFl.Relay.Peers;

/// <summary>
/// Around every call on the gRPC port: limits the calls of those who have not joined, and tells the audit of each call that the server refused or
/// ended, whoever in the server did.
/// </summary>
internal sealed class CallWatch(HostLimits limits, AuditLog audit)
{
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private const string GrpcContentType = "application/grpc";

    private readonly AddressQuota _unjoinedCalls = new(limits.MaxUnjoinedCalls, limits.MaxUnjoinedCallsPerAddress);

    public async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        var connection = http.Features.GetRequiredFeature<PeerConnection>();
        var origin = new CallOrigin(connection, _unjoinedCalls);
        http.Items[CallOrigin.Key] = origin;
        connection.CallBegan();
        try
        {
            if (origin.Begin() is { } full)
            {
                Refuse(http, $"{full} are open without a session");
            }
            else
            {
                await next(http);
            }
        }
        finally
        {
            origin.End();
            var ending = origin.Ending ?? EndingOf(http, origin);
            connection.CallEnded(abandoned: ending is null && http.RequestAborted.IsCancellationRequested);
            if (ending is { } told)
            {
                audit.Record(new AuditEvent(told.Kind, connection.Peer, origin.Session, http.Request.Path.Value ?? "", told.Reason), connection.Address);
            }
        }
    }

    /// <summary>Null for calls that went well, or that their caller or the other end of the relay ended.</summary>
    private static (AuditKind Kind, string Reason)? EndingOf(HttpContext http, CallOrigin origin)
    {
        if (Value(http, StatusHeader) is not { } text || !int.TryParse(text, CultureInfo.InvariantCulture, out int number))
        {
            return http.Response.StatusCode >= StatusCodes.Status400BadRequest ? (AuditKind.ProtocolViolation, $"HTTP status {http.Response.StatusCode}") : null;
        }

        return (StatusCode)number is var code && code is StatusCode.OK or StatusCode.Cancelled or StatusCode.Unavailable
            ? null
            : (KindOf(code, origin), Uri.UnescapeDataString(Value(http, MessageHeader) ?? code.ToString()));
    }

    private static AuditKind KindOf(StatusCode code, CallOrigin origin) => code switch
    {
        StatusCode.ResourceExhausted => AuditKind.LimitReached,
        StatusCode.DeadlineExceeded => AuditKind.DeadlineExpired,
        StatusCode.Internal or StatusCode.Unimplemented => AuditKind.ProtocolViolation,
        _ => AuditKind.MessageRefused,
    };

    private static string? Value(HttpContext http, string name)
    {
        if (http.Response.Headers.TryGetValue(name, out var header))
        {
            return header;
        }

        return http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers.TryGetValue(name, out var trailer) == true ? trailer : (string?)null;
    }

    private static void Refuse(HttpContext http, string reason)
    {
        http.Response.ContentType = GrpcContentType;
        http.Response.Headers[StatusHeader] = ((int)StatusCode.ResourceExhausted).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers[MessageHeader] = reason;
    }
}
