using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace DemoFl.Rpc.Tests;

/// <summary>gRPC requests made by hand, to say what no well-behaved client would.</summary>
internal static class RawRequests
{
    /// <summary>A request of one message with a correct prefix.</summary>
    public static HttpRequestMessage Unary(Uri address, string path, byte[] payload) => Body(address, path, Frame(0, payload.Length, payload));

    /// <summary>A prefix that claims what it is told to, and a payload.</summary>
    public static byte[] Frame(byte flag, int length, byte[] payload)
    {
        var frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>A request of any bytes.</summary>
    public static HttpRequestMessage Body(Uri address, string path, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        return request;
    }
}
