using System.Buffers.Binary;
using System.Collections.Immutable;
using DemoFl.Protocol;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace DemoFl.Wire;

/// <summary>Reads one field at a time into the protocol's types, or says which field is wrong and why.</summary>
public static class Field
{
    /// <summary>A node id of 32 bytes.</summary>
    public static NodeId Node(ByteString value, string field) => new(Hash(value, field));

    /// <summary>A hash of 32 bytes.</summary>
    public static Hash256 Hash(ByteString value, string field) =>
        value.Length == Hash256.Size ? new Hash256(value.Span) : throw Wrong(field, $"{Hash256.Size} bytes", $"{value.Length}");

    /// <summary>A run of 16 bytes.</summary>
    public static RunId Run(ByteString value, string field) => new(UInt128Of(value, field));

    /// <summary>An incarnation of 16 bytes.</summary>
    public static Incarnation Incarnation(ByteString value, string field) => new(UInt128Of(value, field));

    /// <summary>A slot below <see cref="WireLimits.MaxSlots"/>.</summary>
    public static Slot Slot(uint value, string field) =>
        value < WireLimits.MaxSlots ? new Slot((int)value) : throw Wrong(field, $"a slot below {WireLimits.MaxSlots}", $"{value}");

    /// <summary>A round number, small enough to count on from.</summary>
    public static Round Round(ulong value, string field) =>
        value <= long.MaxValue ? new Round(value) : throw Wrong(field, $"at most {long.MaxValue}", $"{value}");

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public static double Between(double value, string field, double low, double high) =>
        value >= low && value <= high ? value : throw Wrong(field, $"{low} to {high}", $"{value}");

    /// <summary>An attempt; 0 means none.</summary>
    public static Attempt Attempt(uint value, string field) => new(Int(value, field, 1_000_000));

    /// <summary>A number up to <paramref name="max"/>.</summary>
    public static int Int(uint value, string field, int max) =>
        value <= (uint)max ? (int)value : throw Wrong(field, $"at most {max}", $"{value}");

    /// <summary>A finite number.</summary>
    public static double Finite(double value, string field) =>
        double.IsFinite(value) ? value : throw Wrong(field, "a finite number", $"{value}");

    /// <summary>A time of at most a day.</summary>
    public static TimeSpan Milliseconds(ulong value, string field) =>
        value <= 86_400_000 ? TimeSpan.FromMilliseconds(value) : throw Wrong(field, "at most 86400000 ms", $"{value}");

    /// <summary>A short text.</summary>
    public static string Text(string value, string field) =>
        value.Length <= WireLimits.MaxText ? value : throw Wrong(field, $"at most {WireLimits.MaxText} characters", $"{value.Length}");

    /// <summary>A byte string up to <paramref name="max"/> bytes, not copied.</summary>
    public static ReadOnlyMemory<byte> Bytes(ByteString value, string field, int max = WireLimits.MaxCredentialBytes) =>
        value.Length <= max ? value.Memory : throw Wrong(field, $"at most {max} bytes", $"{value.Length}");

    /// <summary>A list of at most <paramref name="max"/> elements, each read by <paramref name="read"/>.</summary>
    public static ImmutableArray<TOut> List<TIn, TOut>(RepeatedField<TIn> values, string field, int max, Func<TIn, TOut> read) =>
        values.Count <= max ? [.. values.Select(read)] : throw Wrong(field, $"at most {max} elements", $"{values.Count}");

    /// <summary>A message that must be there.</summary>
    public static T Present<T>(T? value, string field)
        where T : class => value ?? throw new WireFormatException($"{field} is missing.");

    /// <summary>Runs a constructor that checks its own invariants.</summary>
    public static T Valid<T>(Func<T> make, string field)
    {
        try
        {
            return make();
        }
        catch (ArgumentException e)
        {
            throw new WireFormatException($"{field}: {e.Message}");
        }
    }

    /// <summary>The 32 bytes.</summary>
    public static ByteString Of(Hash256 value) => UnsafeByteOperations.UnsafeWrap(value.ToArray());

    /// <summary>The 32 bytes.</summary>
    public static ByteString Of(NodeId value) => Of(value.Value);

    /// <summary>The 16 bytes.</summary>
    public static ByteString Of(RunId value) => Of(value.Value);

    /// <summary>The 16 bytes.</summary>
    public static ByteString Of(Incarnation value) => Of(value.Value);

    /// <summary>Wraps without a copy; the caller does not change the bytes afterwards.</summary>
    public static ByteString Of(ReadOnlyMemory<byte> value) => UnsafeByteOperations.UnsafeWrap(value);

    private static ByteString Of(UInt128 value)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    private static UInt128 UInt128Of(ByteString value, string field) =>
        value.Length == 16 ? BinaryPrimitives.ReadUInt128BigEndian(value.Span) : throw Wrong(field, "16 bytes", $"{value.Length}");

    private static WireFormatException Wrong(string field, string expected, string got) => new($"{field} must be {expected}, not {got}.");
}
