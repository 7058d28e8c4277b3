using System.Buffers.Binary;
using System.Text;

namespace DemoFl.Learning.Tests.Parameters;

public sealed class SafetensorsTests : IDisposable
{
    private const string OneTensor = """{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    private static readonly ParameterLayout Layout =
        new([new TensorShape("b.weight", [2, 3]), new TensorShape("a.bias", [4]), new TensorShape("scale", [])]);

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Read_WhatWasWritten_GivesTheSameBits()
    {
        float[] values = [1, -2.5f, float.Epsilon, float.MaxValue, -0f, 6, 7, 8, 9, 10, 11];
        var metadata = new Dictionary<string, string> { ["round"] = "7", ["job"] = "mnist \"ü\"" };
        var path = Path.Combine(_directory.Path, "model.safetensors");

        Safetensors.Write(path, Layout, values, metadata);
        var (layout, read, text) = Safetensors.Read(path);

        Assert.True(Layout.SameAs(layout, out var difference), difference);
        Assert.Equal(values.Select(BitConverter.SingleToUInt32Bits), read.Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(metadata.OrderBy(entry => entry.Key), text.OrderBy(entry => entry.Key));
        Assert.Equal([path], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Write_HeaderBytes_AreAsTheFormatSays()
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, new ParameterLayout([new TensorShape("w", [2])]), [1, 2], null);
        var bytes = stream.ToArray();
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(OneTensor, Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal(8 + length + 8, bytes.Length);
        Assert.Equal(2f, BitConverter.ToSingle(bytes, bytes.Length - 4));
    }

    [Fact]
    public void Read_TensorsInAnyHeaderOrder_ComeInTheOrderOfTheirBytes()
    {
        const string header = """
            {"z":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"shape":[1,1],"data_offsets":[0,4],"dtype":"F32"},"__metadata__":{"format":"pt"}}
            """;
        var (layout, values, metadata) = Safetensors.Read(File(header, [1, 2]));
        Assert.Equal(["a", "z"], layout.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([1f, 2f], values);
        Assert.Equal("pt", metadata["format"]);
    }

    [Fact]
    public void Read_LargerThanOneAllocation_IsWhole()
    {
        var layout = new ParameterLayout([new TensorShape("w", [2_500_001])]);
        var values = Enumerable.Range(0, layout.Length).Select(i => (float)i).ToArray();
        using var stream = new MemoryStream();
        Safetensors.Write(stream, layout, values);
        stream.Position = 0;
        Assert.Equal(values, Safetensors.Read(stream).Values);
    }

    [Theory]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{}", "no tensors")]
    [InlineData("{\"w\":", "cannot be read")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2]}}""", "lacks dtype, shape or data_offsets")]
    [InlineData("""{"w":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}}""", "is BF16, only F32 is read; convert")]
    [InlineData("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "12 bytes were expected")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "8 bytes were expected")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", "two data_offsets")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "cannot be read")]
    [InlineData("""{"w":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,8]}}""", "cannot be read")]
    [InlineData("""{"w":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", "cannot be read")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "starts at byte 4, the one before ends at 0")]
    [InlineData("""{"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "neither overlap")]
    [InlineData("""{"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"v":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "cannot be read")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "bytes after the 4")]
    [InlineData("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "end after 8 bytes, the header promises 12")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1000000000],"data_offsets":[0,4000000000]}}""", "end after 8 bytes")]
    [InlineData("""{"__metadata__":{"a":1},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "cannot be read")]
    public void Read_Malformed_SaysWhatIsWrong(string header, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => Safetensors.Read(File(header, [1, 2])));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BadHeaderLength_IsRefusedBeforeAllocating()
    {
        Assert.Contains("first 8 bytes", Refusal([1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains("allowed are 2 to 16777216", Refusal([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]), StringComparison.Ordinal);
        Assert.Contains("ends within its header of 100 bytes", Refusal([100, 0, 0, 0, 0, 0, 0, 0, (byte)'{']), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MalformedFile_NamesIt()
    {
        var path = _directory.Write("broken.safetensors", "?");
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => Safetensors.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_WrongNumberOfValues_ThrowsAndLeavesNoFile()
    {
        var path = Path.Combine(_directory.Path, "model.safetensors");
        Assert.Throws<ArgumentException>(() => Safetensors.Write(path, Layout, new float[3], null));
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    public void Dispose() => _directory.Dispose();

    private static string Refusal(byte[] bytes) =>
        Assert.Throws<InvalidDataException>(() => Safetensors.Read(new MemoryStream(bytes))).Message;

    private static MemoryStream File(string header, float[] values)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return new MemoryStream([.. length, .. text, .. values.SelectMany(BitConverter.GetBytes)]);
    }
}
