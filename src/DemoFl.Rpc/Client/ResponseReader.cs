using System.Buffers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>Reads responses from a body, each into one pooled array of its length. Not thread-safe.</summary>
internal sealed class ResponseReader<T>(Stream stream, Marshaller<T> marshaller, int? maxLength, string? encoding)
    where T : class
{
    private readonly byte[] _prefix = new byte[MessageFrame.PrefixLength];
    private readonly MessageDeserializer _deserializer = new(maxLength);

    /// <summary>Reads the next message; null at the end of the body.</summary>
    public async ValueTask<T?> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await stream.ReadAtLeastAsync(_prefix, _prefix.Length, throwOnEndOfStream: false, cancellationToken);
        if (read == 0) return null;
        if (read < _prefix.Length) throw MessageFrame.Incomplete();

        var (length, compressed) = MessageFrame.ReadPrefix(_prefix, maxLength, encoding);
        var payload = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            if (await stream.ReadAtLeastAsync(payload.AsMemory(0, length), length, throwOnEndOfStream: false, cancellationToken) < length)
                throw MessageFrame.Incomplete();
            return _deserializer.Read(marshaller, new ReadOnlySequence<byte>(payload, 0, length), compressed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(payload);
        }
    }
}
