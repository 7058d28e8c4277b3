using System.Buffers.Binary;

namespace Grpc.Core.Wire;

/// <summary>The five bytes before each message: a compressed flag and the length, big-endian.</summary>
internal static class MessageFrame
{
    public const int PrefixLength = 5;

    /// <summary>Writes a prefix.</summary>
    public static void WritePrefix(Span<byte> destination, int payloadLength, bool compressed)
    {
        destination[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], (uint)payloadLength);
    }

    /// <summary>Reads and checks a prefix before anything is allocated for the message.</summary>
    /// <exception cref="RpcException">The message is compressed against <paramref name="encoding"/>, malformed or too long.</exception>
    public static (int Length, bool Compressed) ReadPrefix(ReadOnlySpan<byte> prefix, int? maxLength, string? encoding)
    {
        if (prefix[0] > 1) throw Refused(StatusCode.Internal, "The message has an unknown compressed flag.");
        if (prefix[0] == 1 && encoding is (null or "" or MessageEncoding.Identity))
            throw Refused(StatusCode.Internal, "The message is compressed, but no compression was agreed.");
        if (prefix[0] == 1 && !MessageEncoding.IsSupported(encoding)) throw new RpcException(MessageEncoding.Unsupported(encoding));

        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > (maxLength ?? Array.MaxLength)) throw TooLong();

        return ((int)length, prefix[0] == 1);
    }

    /// <summary>A message is over the receiver's limit.</summary>
    public static RpcException TooLong() =>
        Refused(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size.");

    /// <summary>The stream ended within a message.</summary>
    public static RpcException Incomplete() => Refused(StatusCode.Internal, "Incomplete message.");

    private static RpcException Refused(StatusCode code, string detail) => new(new Status(code, detail));
}
