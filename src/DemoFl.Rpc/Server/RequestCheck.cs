using System.Globalization;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>Turns away what is not a gRPC request and prepares the connection for what is.</summary>
internal static class RequestCheck
{
    /// <summary>Whether the request may go on; if not, the response is complete.</summary>
    public static bool Accept(HttpContext http, bool streamsRequests)
    {
        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol))
            return Refuse(http, StatusCodes.Status426UpgradeRequired, StatusCode.Internal, $"Request protocol '{http.Request.Protocol}' is not supported.");
        if (!GrpcHeaders.IsGrpc(http.Request.ContentType))
            return Refuse(http, StatusCodes.Status415UnsupportedMediaType, StatusCode.Internal, $"Content-Type '{http.Request.ContentType}' is not supported.");

        http.Response.ContentType = GrpcHeaders.ContentType;
        string? encoding = http.Request.Headers[GrpcHeaders.Encoding];
        if (encoding is not (null or "" or GrpcHeaders.Identity))
        {
            http.Response.Headers[GrpcHeaders.AcceptEncoding] = GrpcHeaders.Identity;
            return Refuse(http, StatusCodes.Status200OK, StatusCode.Unimplemented, $"Message encoding '{encoding}' is not supported.");
        }

        // Messages have a limit of their own; a stream has no length and may be idle.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (streamsRequests && http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        return true;
    }

    /// <summary>Answers with a status and nothing else.</summary>
    public static bool Refuse(HttpContext http, int httpStatus, StatusCode code, string detail)
    {
        http.Response.StatusCode = httpStatus;
        http.Response.Headers[GrpcHeaders.Status] = ((int)code).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers[GrpcHeaders.Message] = PercentEncoding.Encode(detail);
        return false;
    }
}
