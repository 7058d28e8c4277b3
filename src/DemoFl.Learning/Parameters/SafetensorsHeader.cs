using System.Buffers;
using System.Text.Json;

namespace DemoFl.Learning;

/// <summary>The JSON header of a safetensors file: names, shapes and byte ranges of the tensors, and free text metadata.</summary>
internal static class SafetensorsHeader
{
    private const string MetadataKey = "__metadata__";
    private const int Alignment = 8;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    public static byte[] Encode(ParameterLayout layout, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal)) json.WriteString(key, value);
                json.WriteEndObject();
            }

            for (var i = 0; i < layout.Tensors.Count; i++) WriteTensor(json, layout.Tensors[i], layout.OffsetOf(i));
            json.WriteEndObject();
        }

        // Trailing spaces keep the tensors' bytes aligned for readers that map the file.
        var padding = (Alignment - (buffer.WrittenCount % Alignment)) % Alignment;
        return [.. buffer.WrittenSpan, .. Enumerable.Repeat((byte)' ', padding)];
    }

    public static (ParameterLayout Layout, IReadOnlyDictionary<string, string> Metadata) Decode(ReadOnlyMemory<byte> header)
    {
        try
        {
            using var document = JsonDocument.Parse(header, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw Malformed("the header is not a JSON object");

            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            var tensors = new List<(TensorShape Shape, long Begin, long End)>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name != MetadataKey) tensors.Add(ReadTensor(property.Name, property.Value));
                else foreach (var entry in property.Value.EnumerateObject()) metadata.Add(entry.Name, entry.Value.GetString() ?? "");
            }

            tensors.Sort((x, y) => x.Begin.CompareTo(y.Begin));
            RequireContiguous(tensors);
            return (new ParameterLayout(tensors.Select(tensor => tensor.Shape)), metadata);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException(
                $"the header cannot be read ({error.Message}); the file is damaged or not safetensors, export it again.", error);
        }
    }

    private static void WriteTensor(Utf8JsonWriter json, TensorShape tensor, int offset)
    {
        if (tensor.Name == MetadataKey) throw new ArgumentException($"A tensor cannot be called {MetadataKey} in a safetensors file.");

        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", "F32");
        json.WriteStartArray("shape");
        foreach (var dimension in tensor.Dimensions) json.WriteNumberValue(dimension);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset * 4L);
        json.WriteNumberValue((offset + (long)tensor.Length) * 4L);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static (TensorShape Shape, long Begin, long End) ReadTensor(string name, JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty("dtype", out var type)
            || !entry.TryGetProperty("shape", out var shape)
            || !entry.TryGetProperty("data_offsets", out var offsets))
            throw Malformed($"tensor '{name}' lacks dtype, shape or data_offsets");
        if (type.GetString() != "F32")
            throw new InvalidDataException(
                $"tensor '{name}' is {type.GetString()}, only F32 is read; convert the model with .float() before saving.");
        if (shape.GetArrayLength() > TensorShape.MaxRank)
            throw Malformed($"tensor '{name}' has more than {TensorShape.MaxRank} dimensions");
        if (offsets.GetArrayLength() != 2) throw Malformed($"tensor '{name}' needs two data_offsets");

        var tensor = new TensorShape(name, [.. shape.EnumerateArray().Select(dimension => dimension.GetInt32())]);
        var (begin, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        if (begin < 0 || end < begin || end - begin != tensor.Length * 4L)
            throw Malformed(
                $"tensor '{name}' of {tensor.Length} values lies at bytes {begin} to {end}, {tensor.Length * 4L} bytes were expected");
        return (tensor, begin, end);
    }

    private static void RequireContiguous(List<(TensorShape Shape, long Begin, long End)> tensors)
    {
        if (tensors.Count == 0) throw Malformed("the file has no tensors");
        long expected = 0;
        foreach (var (shape, begin, end) in tensors)
        {
            if (begin != expected)
            {
                throw Malformed(
                    $"tensor '{shape.Name}' starts at byte {begin}, the one before ends at "
                    + $"{expected}: tensors may neither overlap nor leave gaps");
            }

            expected = end;
        }
    }

    private static InvalidDataException Malformed(string what) => new($"{what}; the file is damaged, export it again.");
}
