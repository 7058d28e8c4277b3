using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary>
/// Writes tensors as NumPy reads them by <c>numpy.load</c>: a zip archive, not compressed, with one NPY file (version 1.0, little-endian
/// float32, row-major) per tensor. Source: numpy.lib.format. Equal input gives equal bytes.
/// </summary>
internal static class Npz
{
    private const int Alignment = 64;
    private const int ChunkValues = 1 << 20;

    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    /// <exception cref="CliException">A tensor's name would leave the folder that the archive is unpacked into.</exception>
    public static void Write(Stream stream, ParameterLayout layout, ReadOnlySpan<float> values)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        for (var i = 0; i < layout.Tensors.Count; i++)
        {
            var tensor = layout.Tensors[i];
            var entry = archive.CreateEntry(RequireSafe(tensor.Name) + ".npy", CompressionLevel.NoCompression);
            entry.LastWriteTime = NoTime;
            using var file = entry.Open();
            WriteArray(file, tensor, values.Slice(layout.OffsetOf(i), tensor.Length));
        }
    }

    private static void WriteArray(Stream file, TensorShape tensor, ReadOnlySpan<float> values)
    {
        var header = HeaderOf(tensor);
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        file.Write(Magic);
        file.Write(length);
        file.Write(header);
        for (; !values.IsEmpty; values = values[Math.Min(ChunkValues, values.Length)..])
            file.Write(MemoryMarshal.AsBytes(values[..Math.Min(ChunkValues, values.Length)]));
    }

    // A Python literal, padded so that the values are aligned for memory mapping.
    private static byte[] HeaderOf(TensorShape tensor)
    {
        var shape = tensor.Dimensions is [var only] ? $"({only},)" : $"({string.Join(", ", tensor.Dimensions)})";
        var text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}";
        var unpadded = Magic.Length + sizeof(ushort) + text.Length + 1;
        return Encoding.ASCII.GetBytes(text.PadRight(text.Length + ((Alignment - (unpadded % Alignment)) % Alignment)) + "\n");
    }

    private static string RequireSafe(string name) =>
        name.StartsWith('/') || name.Contains('\\') || name.Split('/').Contains("..") || name.Any(char.IsControl)
            ? throw new CliException(
                $"The tensor '{TextTable.Printable(name)}' has a path out of the archive for a name. Export to safetensors instead.")
            : name;
}
