using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using DemoFl.Cli.Commands;
using DemoFl.Learning;

namespace DemoFl.Cli.Tests.Model;

/// <summary>The rules of numpy.lib.format, version 1.0.</summary>
public sealed class NpzTests
{
    private static readonly float[] Values = [1, 2, 3, 4, 5, 6, 7, 8, 9, -0.5f];

    private static readonly ParameterLayout Layout = new(
        [new TensorShape("a.weight", [2, 3]), new TensorShape("a.bias", [3]), new TensorShape("scale", [])]);

    [Theory]
    [InlineData("a.weight", "(2, 3)", 0, 6)]
    [InlineData("a.bias", "(3,)", 6, 3)]
    [InlineData("scale", "()", 9, 1)]
    public void Write_Tensor_HasNumPysHeaderAndItsValues(string name, string shape, int first, int count)
    {
        using var archive = new ZipArchive(Written());
        using var entry = archive.GetEntry(name + ".npy")!.Open();
        using var buffer = new MemoryStream();
        entry.CopyTo(buffer);
        var bytes = buffer.ToArray();

        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0], bytes[..8]);
        var headerLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        Assert.Equal(0, (10 + headerLength) % 64);
        var header = Encoding.ASCII.GetString(bytes, 10, headerLength);
        Assert.Equal($"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}", header.TrimEnd(' ', '\n'));
        Assert.EndsWith("\n", header, StringComparison.Ordinal);
        Assert.Equal(Values[first..(first + count)], MemoryMarshal.Cast<byte, float>(bytes.AsSpan(10 + headerLength)).ToArray());
    }

    [Fact]
    public void Write_Twice_GivesEqualBytes() => Assert.Equal(Written().ToArray(), Written().ToArray());

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/evil")]
    [InlineData("a/../../evil")]
    [InlineData("a\\evil")]
    public void Write_NameThatLeavesTheFolder_IsRefused(string name)
    {
        var layout = new ParameterLayout([new TensorShape(name, [1])]);
        var refusal = Assert.Throws<CliException>(() => Npz.Write(new MemoryStream(), layout, [1]));
        Assert.Contains($"'{name}'", refusal.Message, StringComparison.Ordinal);
    }

    private static MemoryStream Written()
    {
        var stream = new MemoryStream();
        Npz.Write(stream, Layout, Values);
        stream.Position = 0;
        return stream;
    }
}
