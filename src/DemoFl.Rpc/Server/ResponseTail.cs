using System.Globalization;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>The status and the trailers at the end of a response.</summary>
internal static class ResponseTail
{
    /// <summary>Puts them into the trailers, or into the headers of a response that has not started ("trailers-only").</summary>
    /// <exception cref="ArgumentException">A trailer cannot be sent; nothing was put.</exception>
    public static void Put(HttpResponse response, Status status, Metadata trailers)
    {
        var started = response.HasStarted;
        foreach (var (name, value) in MetadataWire.Encode(trailers).ToArray())
            Put(name, value);

        Put(GrpcHeaders.Status, ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture));
        if (status.Detail.Length > 0) Put(GrpcHeaders.Message, PercentEncoding.Encode(status.Detail));

        void Put(string name, string value)
        {
            if (started) response.AppendTrailer(name, value);
            else response.Headers.Append(name, value);
        }
    }
}
