using System.Buffers;
using Google.Protobuf.Reflection;

namespace Grpc.Core.Wire;

/// <summary>
/// Looks at the lengths in a protobuf message before it is parsed. Google.Protobuf adds a nested message's length to its own place in 32 bits: one that
/// claims almost 2 GiB passes for a negative number, and what lies in it is believed without a look at what is there. Eleven bytes make the parser
/// allocate as much as they like. Thread-safe.
/// </summary>
internal static class MessageGuard
{
    /// <summary>As deep as the parser goes.</summary>
    private const int MaxDepth = 100;

    private const int VarintType = 0, Fixed64Type = 1, LengthType = 2, BeginType = 3, EndType = 4, Fixed32Type = 5;

    /// <summary>Whether every length lies within what holds it. A message of which that is not so is damaged.</summary>
    public static bool Holds(MessageDescriptor type, ReadOnlySequence<byte> message) => Holds(type, message, 0);

    private static bool Holds(MessageDescriptor type, ReadOnlySequence<byte> message, int depth)
    {
        var rest = new SequenceReader<byte>(message);
        int groups = 0;
        while (!rest.End)
        {
            if (!TryReadVarint(ref rest, out ulong tag) || !HoldsField(type, ref rest, tag, ref groups, depth))
            {
                return false;
            }
        }

        return groups == 0;
    }

    private static bool HoldsField(MessageDescriptor type, ref SequenceReader<byte> rest, ulong tag, ref int groups, int depth)
    {
        switch ((int)(tag & 7))
        {
            case VarintType:
                return TryReadVarint(ref rest, out _);
            case Fixed64Type:
                return TrySkip(ref rest, sizeof(ulong));
            case Fixed32Type:
                return TrySkip(ref rest, sizeof(uint));
            case BeginType:
                return ++groups + depth <= MaxDepth;
            case EndType:
                return --groups >= 0;
            case LengthType when TryReadVarint(ref rest, out ulong length) && length <= (ulong)rest.Remaining:
                // What is in a group is numbered by the group, which no type here has.
                var field = groups == 0 && tag >> 3 <= int.MaxValue ? type.FindFieldByNumber((int)(tag >> 3)) : null;
                bool holds = field?.FieldType != FieldType.Message
                    || (depth < MaxDepth && Holds(field.MessageType, rest.UnreadSequence.Slice(0, (long)length), depth + 1));
                rest.Advance((long)length);
                return holds;
            default:
                return false;
        }
    }

    private static bool TrySkip(ref SequenceReader<byte> rest, int count)
    {
        bool there = rest.Remaining >= count;
        rest.Advance(there ? count : 0);
        return there;
    }

    private static bool TryReadVarint(ref SequenceReader<byte> rest, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && rest.TryRead(out byte next); shift += 7)
        {
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
