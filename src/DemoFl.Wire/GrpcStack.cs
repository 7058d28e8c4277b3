#if GRPC_PACKAGES
using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;
#endif
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;

namespace DemoFl.Wire;

/// <summary>
/// The limits of both ends of a connection, and the one place that knows which gRPC it is (eng/GrpcStack.props): what the bundled one always
/// does, the official packages are told here.
/// </summary>
public static class GrpcStack
{
    /// <summary>Holds messages to <see cref="WireLimits.MaxMessageBytes"/>, as sent and unpacked.</summary>
    public static void Configure(GrpcServiceOptions options)
    {
        options.MaxReceiveMessageSize = WireLimits.MaxMessageBytes;
        options.MaxSendMessageSize = WireLimits.MaxMessageBytes;
#if GRPC_PACKAGES
        options.CompressionProviders = [new BoundedGzip()];
#endif
    }

    /// <summary>
    /// Holds messages to <see cref="WireLimits.MaxMessageBytes"/>, as sent and unpacked. A server that was away is tried again within a second
    /// of the next call.
    /// </summary>
    public static void Configure(GrpcChannelOptions options)
    {
        options.MaxReceiveMessageSize = WireLimits.MaxMessageBytes;
        options.MaxSendMessageSize = WireLimits.MaxMessageBytes;
#if GRPC_PACKAGES
        options.CompressionProviders = [new BoundedGzip()];

        // Nodes wait between their calls themselves. By default the channel would answer them for up to two minutes without having tried.
        options.InitialReconnectBackoff = TimeSpan.FromMilliseconds(100);
        options.MaxReconnectBackoff = TimeSpan.FromSeconds(1);
#endif
    }

#if GRPC_PACKAGES
    /// <summary>The packages' own gzip unpacks a message of any length before it looks at the limit. Thread-safe.</summary>
    private sealed class BoundedGzip : ICompressionProvider
    {
        public string EncodingName => "gzip";

        public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
            new GZipStream(stream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true);

        public Stream CreateDecompressionStream(Stream stream)
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(WireLimits.MaxMessageBytes + 1);
            try
            {
                using var unpacking = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
                int length = unpacking.ReadAtLeast(buffer, WireLimits.MaxMessageBytes + 1, throwOnEndOfStream: false);
                if (length > WireLimits.MaxMessageBytes)
                {
                    throw new RpcException(new Status(StatusCode.ResourceExhausted, $"A message unpacks to more than {WireLimits.MaxMessageBytes} bytes."));
                }

                return new MemoryStream(buffer.AsSpan(0, length).ToArray(), writable: false);
            }
            catch (InvalidDataException e)
            {
                throw new RpcException(new Status(StatusCode.Internal, "A compressed message is no gzip.", e));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
#endif
}
