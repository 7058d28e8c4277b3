using System.Buffers.Binary;

namespace Grpc.Core.Wire;

/// <summary>The five bytes before each message: a compressed flag and the length, big-endian.</summary>
internal static class MessageFrame
{
    public const int PrefixLength = 5;

    /// <summary>Writes the prefix of an uncompressed message.</summary>
    public static void WritePrefix(Span<byte> destination, int payloadLength)
    {
        destination[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], (uint)payloadLength);
    }

    /// <summary>Reads and checks a prefix before anything is allocated for the message.</summary>
    /// <exception cref="RpcException">The message is compressed, malformed or longer than <paramref name="maxLength"/>.</exception>
    public static int ReadPrefix(ReadOnlySpan<byte> prefix, int? maxLength)
    {
        // A peer may compress only with an encoding that we offered, and we offer none but identity.
        if (prefix[0] == 1) throw Refused(StatusCode.Internal, "The message is compressed, but no compression was agreed.");
        if (prefix[0] != 0) throw Refused(StatusCode.Internal, "The message has an unknown compressed flag.");

        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > (maxLength ?? Array.MaxLength))
            throw Refused(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size.");

        return (int)length;
    }

    /// <summary>The stream ended within a message.</summary>
    public static RpcException Incomplete() => Refused(StatusCode.Internal, "Incomplete message.");

    private static RpcException Refused(StatusCode code, string detail) => new(new Status(code, detail));
}
