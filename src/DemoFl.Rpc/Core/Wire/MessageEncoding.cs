using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Grpc.Core.Wire;

/// <summary>The compression of single messages (<c>grpc-encoding</c>): gzip, RFC 1952, beside none.</summary>
internal static class MessageEncoding
{
    public const string Identity = "identity";
    public const string Gzip = "gzip";

    /// <summary>What <c>grpc-accept-encoding</c> offers.</summary>
    public const string Supported = "identity,gzip";

    /// <summary>How hard gzip tries where nobody says: a message waits for its compression.</summary>
    public const CompressionLevel DefaultLevel = CompressionLevel.Fastest;

    /// <summary>Whether messages may come in this encoding; a header that is not there means none.</summary>
    public static bool IsSupported(string? encoding) => encoding is null or "" or Identity or Gzip;

    /// <summary>Whether a peer's <c>grpc-accept-encoding</c>, possibly of several headers, lists gzip.</summary>
    public static bool AcceptsGzip(IEnumerable<string?> accepted) => accepted
        .SelectMany(header => (header ?? "").Split(','))
        .Any(encoding => encoding.AsSpan().Trim().Equals(Gzip, StringComparison.OrdinalIgnoreCase));

    /// <summary>The refusal of an encoding that is not supported; it names those that are.</summary>
    public static Status Unsupported(string? encoding) => new(
        StatusCode.Unimplemented, $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: {Supported}");

    /// <summary>Compresses a message.</summary>
    public static ReadOnlyMemory<byte> Compress(ReadOnlySpan<byte> payload, CompressionLevel level)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, level, leaveOpen: true))
            gzip.Write(payload);
        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }

    /// <summary>Decompresses a message into a buffer that never grows beyond the limit, whatever the message unpacks to.</summary>
    /// <exception cref="RpcException">The bytes are no gzip, or unpack to more than <paramref name="maxLength"/>.</exception>
    public static void Decompress(ReadOnlySequence<byte> payload, int? maxLength, PooledBuffer target)
    {
        // Some compressors write nothing at all for an empty message.
        if (payload.IsEmpty) return;

        var limit = maxLength ?? Array.MaxLength;
        try
        {
            using var gzip = new GZipStream(new SequenceStream(payload), CompressionMode.Decompress);
            while (target.WrittenMemory.Length < limit)
            {
                var free = target.GetSpan();
                var read = gzip.Read(free[..Math.Min(free.Length, limit - target.WrittenMemory.Length)]);
                if (read == 0) break;
                target.Advance(read);
            }

            if (target.WrittenMemory.Length == limit && gzip.ReadByte() >= 0) throw MessageFrame.TooLong();
            ThrowIfCutOff(payload, target.WrittenMemory.Length);
        }
        catch (InvalidDataException exception)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The message cannot be decompressed.", exception));
        }
    }

    /// <summary>Compares with the length at the end, for GZipStream takes input that ends early as complete.</summary>
    private static void ThrowIfCutOff(ReadOnlySequence<byte> payload, int length)
    {
        // One member, as C-core has it: the length is that of the last one alone.
        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        if (payload.Length < trailer.Length) throw new InvalidDataException("The message is too short for gzip.");
        payload.Slice(payload.Length - trailer.Length).CopyTo(trailer);
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) != (uint)length) throw new InvalidDataException("The message is cut off.");
    }
}
