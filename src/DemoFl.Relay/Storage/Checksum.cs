using System.Numerics;

namespace DemoFl.Relay.Storage;

/// <summary>CRC-32C (RFC 3720, section 12.1): every error within 32 bits that follow one another changes it.</summary>
internal static class Checksum
{
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
