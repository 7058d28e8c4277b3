using System.Buffers.Binary;
using System.Text;
using DemoFl.Learning;

namespace DemoFl.Fuzz;

/// <summary>A checkpoint: what is taken is written again and read back to the bit.</summary>
internal sealed class SafetensorsTarget() : Target("safetensors", InputForm.Bytes)
{
    public override IEnumerable<byte[]> Seeds()
    {
        var layout = new ParameterLayout([new TensorShape("fc1.weight", [2, 3]), new TensorShape("fc1.bias", [2])]);
        yield return Written(layout, [1, 2, 3, 4, 5, 6, 7, float.NaN], new Dictionary<string, string> { ["round"] = "7", ["model"] = "softmax" });
        yield return Written(new ParameterLayout([new TensorShape("scalar", [])]), [0.5f], null);
        byte[] header = Encoding.UTF8.GetBytes("""{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""");
        yield return [.. LittleEndian((ulong)header.Length), .. header, .. new byte[8]];
    }

    public override string Read(byte[] input)
    {
        var (layout, values, metadata) = Safetensors.Read(new MemoryStream(input));
        var (again, sameValues, sameMetadata) = Safetensors.Read(new MemoryStream(Written(layout, values, metadata)));
        BrokenPromiseException.Unless(
            again.SameAs(layout, out _) && values.Select(BitConverter.SingleToInt32Bits).SequenceEqual(sameValues.Select(BitConverter.SingleToInt32Bits))
                && metadata.OrderBy(m => m.Key, StringComparer.Ordinal).SequenceEqual(sameMetadata.OrderBy(m => m.Key, StringComparer.Ordinal)),
            "a checkpoint that was taken is another one when it is read back");
        return $"{layout.Tensors.Count} {Shape.Order((ulong)layout.Length)} {metadata.Count} {string.Join(',', layout.Tensors.Take(4).Select(t => t.Dimensions.Length))}";
    }

    public override bool IsRefusal(Exception e) => e is InvalidDataException;

    private static byte[] Written(ParameterLayout layout, float[] values, IReadOnlyDictionary<string, string>? metadata)
    {
        using var file = new MemoryStream();
        Safetensors.Write(file, layout, values, metadata);
        return file.ToArray();
    }

    private static byte[] LittleEndian(ulong value)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
