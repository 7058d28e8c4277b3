using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>Turns away what is not a gRPC request and prepares the connection for what is.</summary>
internal static class RequestCheck
{
    /// <summary>Whether the request may go on; if not, the response is complete.</summary>
    public static bool Accept(HttpContext http, bool streamsRequests)
    {
        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            var detail = $"Request protocol '{http.Request.Protocol}' is not supported.";
            return Refuse(http, StatusCodes.Status426UpgradeRequired, StatusCode.Internal, detail);
        }

        if (!GrpcHeaders.IsGrpc(http.Request.ContentType))
        {
            var detail = $"Content-Type '{http.Request.ContentType}' is not supported.";
            return Refuse(http, StatusCodes.Status415UnsupportedMediaType, StatusCode.Internal, detail);
        }

        http.Response.ContentType = GrpcHeaders.ContentType;
        string? encoding = http.Request.Headers[GrpcHeaders.Encoding];
        http.Response.Headers[GrpcHeaders.AcceptEncoding] = MessageEncoding.Supported;
        if (!MessageEncoding.IsSupported(encoding))
        {
            var (code, detail) = (StatusCode.Unimplemented, MessageEncoding.Unsupported(encoding).Detail);
            return Refuse(http, StatusCodes.Status200OK, code, detail);
        }

        // Messages have a limit of their own; a stream has no length and may be idle.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (streamsRequests && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        return true;
    }

    /// <summary>Answers with a status and nothing else.</summary>
    public static bool Refuse(HttpContext http, int httpStatus, StatusCode code, string detail)
    {
        http.Response.StatusCode = httpStatus;
        ResponseTail.Put(http.Response, new Status(code, detail), Metadata.Empty);
        return false;
    }

    /// <summary>The application's headers.</summary>
    /// <exception cref="RpcException">A binary value is malformed.</exception>
    public static Metadata ReadMetadata(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach (var header in headers)
        {
            foreach (var value in header.Value)
                MetadataWire.AddReceived(metadata, header.Key, value ?? "");
        }

        return metadata;
    }
}
