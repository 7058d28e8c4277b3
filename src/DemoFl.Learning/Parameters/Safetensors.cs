using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DemoFl.Learning;

/// <summary>
/// Reads and writes checkpoints in the safetensors format (float32 only), which PyTorch, JAX and the Hugging Face tools load:
/// eight bytes little-endian header length, a JSON header, then the tensors' bytes without gaps. Equal input gives equal bytes.
/// Thread-safe.
/// </summary>
public static class Safetensors
{
    /// <summary>The longest header that is read, in bytes.</summary>
    public const int MaxHeaderBytes = 16 * 1024 * 1024;

    // A file may claim any size: memory follows the bytes that really arrive, in steps of this many values.
    private const int FirstAllocationValues = 1 << 20;

    /// <summary>
    /// Writes a checkpoint by way of a temporary file beside it, flushed to disk and renamed: the path never holds half a file.
    /// </summary>
    /// <exception cref="ArgumentException">The number of values is not the layout's.</exception>
    public static void Write(
        string path, ParameterLayout layout, ReadOnlySpan<float> values, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                Write(file, layout, values, metadata);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            DurableFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes a checkpoint to a stream at its present position.</summary>
    /// <exception cref="ArgumentException">The number of values is not the layout's.</exception>
    public static void Write(
        Stream stream, ParameterLayout layout, ReadOnlySpan<float> values, IReadOnlyDictionary<string, string>? metadata = null)
    {
        RequireLittleEndian();
        if (values.Length != layout.Length)
            throw new ArgumentException(
                $"The layout has {layout.Length} parameters, but {values.Length} values were given.", nameof(values));

        var header = SafetensorsHeader.Encode(layout, metadata);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        while (!values.IsEmpty)
        {
            var chunk = values[..Math.Min(values.Length, FirstAllocationValues)];
            stream.Write(MemoryMarshal.AsBytes(chunk));
            values = values[chunk.Length..];
        }
    }

    /// <summary>Reads a checkpoint file.</summary>
    /// <exception cref="InvalidDataException">The file is not a whole float32 safetensors file; the message says what to do.</exception>
    public static (ParameterLayout Layout, float[] Values, IReadOnlyDictionary<string, string> Metadata) Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            return Read(file);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Reads a checkpoint from a stream, to the stream's end. The tensors come in the order of their bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a whole float32 safetensors file; the message says what to do.</exception>
    public static (ParameterLayout Layout, float[] Values, IReadOnlyDictionary<string, string> Metadata) Read(Stream stream)
    {
        RequireLittleEndian();
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        if (stream.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length)
            throw new InvalidDataException("the file ends within the first 8 bytes; it is not a safetensors file. Export the model again.");

        var headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (headerBytes is < 2 or > MaxHeaderBytes)
        {
            throw new InvalidDataException(
                $"the header claims {headerBytes} bytes, allowed are 2 to {MaxHeaderBytes}; "
                + "the file is damaged or not safetensors, export it again.");
        }

        var header = new byte[headerBytes];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            throw new InvalidDataException($"the file ends within its header of {headerBytes} bytes; copy or export it again.");

        var (layout, metadata) = SafetensorsHeader.Decode(header);
        return (layout, ReadValues(stream, layout.Length), metadata);
    }

    private static float[] ReadValues(Stream stream, int count)
    {
        var values = new float[Math.Min(count, FirstAllocationValues)];
        var filled = 0;
        while (true)
        {
            var room = MemoryMarshal.AsBytes(values.AsSpan(filled));
            var read = stream.ReadAtLeast(room, room.Length, throwOnEndOfStream: false);
            if (read < room.Length)
            {
                throw new InvalidDataException(
                    $"the tensors end after {(filled * 4L) + read} bytes, the header promises {count * 4L}; copy or export it again.");
            }

            filled = values.Length;
            if (filled == count) break;
            Array.Resize(ref values, (int)Math.Min(count, filled * 2L));
        }

        if (stream.ReadByte() >= 0)
            throw new InvalidDataException(
                $"there are bytes after the {count * 4L} that the header describes; the file is damaged, export it again.");
        return values;
    }

    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Safetensors files are read and written on little-endian machines only.");
    }
}
