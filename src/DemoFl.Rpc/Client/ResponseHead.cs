using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>What a response says outside its messages.</summary>
internal static class ResponseHead
{
    /// <summary>The status of a response without messages: trailers-only, or no gRPC at all; null if there is a body to read.</summary>
    public static Status? StatusWithoutBody(HttpResponseMessage response)
    {
        if (response.Headers.Contains(GrpcHeaders.Status)) return StatusIn(response.Headers);
        if (response.StatusCode != HttpStatusCode.OK)
            return new Status(CodeOf(response.StatusCode), $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}");

        var contentType = response.Content.Headers.ContentType?.ToString();
        return GrpcHeaders.IsGrpc(contentType)
            ? null
            : new Status(StatusCode.Unknown, $"Bad gRPC response. Content-Type: {contentType ?? "none"}");
    }

    /// <summary>The status in trailers, or in headers if they are all there is.</summary>
    public static Status StatusIn(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues(GrpcHeaders.Status, out var codes))
            return new Status(StatusCode.Unknown, "No grpc-status found on response.");

        // A status said twice is none: which one the server meant would be a guess.
        var code = -1;
        var known = codes.Take(2).ToArray() is [var only]
            && int.TryParse(only, NumberStyles.None, CultureInfo.InvariantCulture, out code)
            && code <= (int)StatusCode.Unauthenticated;
        var detail = headers.TryGetValues(GrpcHeaders.Message, out var texts) ? PercentEncoding.Decode(texts.First()) : "";
        return new Status(known ? (StatusCode)code : StatusCode.Unknown, detail);
    }

    /// <summary>How messages are compressed; null if the header is not there.</summary>
    public static string? EncodingIn(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues(GrpcHeaders.Encoding, out var encodings) ? encodings.ToString() : null;

    /// <summary>The application's entries.</summary>
    public static Metadata MetadataIn(HttpResponseHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var header in headers.NonValidated)
        {
            foreach (var value in header.Value)
                MetadataWire.AddReceived(metadata, header.Key, value);
        }

        return metadata;
    }

    // gRPC, "HTTP to gRPC status code mapping".
    private static StatusCode CodeOf(HttpStatusCode http) => http switch
    {
        HttpStatusCode.BadRequest => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
            StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
