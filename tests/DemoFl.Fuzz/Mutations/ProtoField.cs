using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace DemoFl.Fuzz;

/// <summary>
/// A field of a protobuf message as it lies in the bytes, without its schema. Bytes that read as a message of their own count as one: whether they are
/// meant so does not matter to a mutation.
/// </summary>
internal sealed class ProtoField
{
    private const int MaxDepth = 16;

    public required int Number { get; set; }

    public required ProtoWire Wire { get; set; }

    /// <summary>Of all but <see cref="ProtoWire.Length"/>.</summary>
    public ulong Value { get; set; }

    /// <summary>Of <see cref="ProtoWire.Length"/>, where there are no children.</summary>
    public byte[] Bytes { get; set; } = [];

    /// <summary>Of a field that reads as a message.</summary>
    public List<ProtoField>? Children { get; set; }

    /// <summary>What the length says in place of the truth; null for the truth.</summary>
    public ulong? ClaimedLength { get; set; }

    public static bool TryParse(ReadOnlySpan<byte> message, [NotNullWhen(true)] out List<ProtoField>? fields, int depth = 0)
    {
        fields = [];
        while (!message.IsEmpty)
        {
            if (!TryReadVarint(ref message, out ulong tag) || tag >> 3 is 0 or > 0x1FFF_FFFF || ReadOne(ref message, tag, depth) is not { } field)
            {
                fields = null;
                return false;
            }

            fields.Add(field);
        }

        return true;
    }

    public static byte[] Encode(List<ProtoField> fields)
    {
        var output = new MemoryStream();
        Write(output, fields);
        return output.ToArray();
    }

    public static void WriteVarint(Stream output, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            output.WriteByte((byte)(value | 0x80));
        }

        output.WriteByte((byte)value);
    }

    public static bool TryReadVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < Math.Min(10, bytes.Length); i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    public ProtoField Copy() => new()
    {
        Number = Number, Wire = Wire, Value = Value, Bytes = Bytes, ClaimedLength = ClaimedLength, Children = Children?.ConvertAll(c => c.Copy()),
    };

    private static ProtoField? ReadOne(ref ReadOnlySpan<byte> rest, ulong tag, int depth)
    {
        var field = new ProtoField { Number = (int)(tag >> 3), Wire = (ProtoWire)(tag & 7) };
        switch (field.Wire)
        {
            case ProtoWire.Varint when TryReadVarint(ref rest, out ulong value):
                field.Value = value;
                return field;
            case ProtoWire.Fixed64 when rest.Length >= sizeof(ulong):
                field.Value = BinaryPrimitives.ReadUInt64LittleEndian(rest);
                rest = rest[sizeof(ulong)..];
                return field;
            case ProtoWire.Fixed32 when rest.Length >= sizeof(uint):
                field.Value = BinaryPrimitives.ReadUInt32LittleEndian(rest);
                rest = rest[sizeof(uint)..];
                return field;
            case ProtoWire.Length when TryReadVarint(ref rest, out ulong length) && length <= (ulong)rest.Length:
                field.Bytes = rest[..(int)length].ToArray();
                rest = rest[(int)length..];
                field.Children = field.Bytes.Length > 0 && depth < MaxDepth && TryParse(field.Bytes, out var children, depth + 1) ? children : null;
                return field;
            default:
                return null;
        }
    }

    private static void Write(MemoryStream output, List<ProtoField> fields)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        foreach (var field in fields)
        {
            WriteVarint(output, ((ulong)(uint)field.Number << 3) | (ulong)field.Wire);
            switch (field.Wire)
            {
                case ProtoWire.Varint:
                    WriteVarint(output, field.Value);
                    break;
                case ProtoWire.Fixed64:
                    BinaryPrimitives.WriteUInt64LittleEndian(number, field.Value);
                    output.Write(number);
                    break;
                case ProtoWire.Fixed32:
                    BinaryPrimitives.WriteUInt32LittleEndian(number, (uint)field.Value);
                    output.Write(number[..sizeof(uint)]);
                    break;
                case ProtoWire.Length:
                    byte[] content = field.Children is { } children ? Encode(children) : field.Bytes;
                    WriteVarint(output, field.ClaimedLength ?? (ulong)content.Length);
                    output.Write(content);
                    break;
            }
        }
    }
}
