using System.IO.Compression;

namespace DemoFl.Learning;

/// <summary>
/// A file of examples, gzip or not (told by its first two bytes, not by its name), read with errors that name the file and the place.
/// </summary>
internal sealed class DataFile : IDisposable
{
    private const byte GzipMagic0 = 0x1F, GzipMagic1 = 0x8B;
    private const int BufferBytes = 64 * 1024;

    private readonly Stream _stream;

    private DataFile(string path, Stream stream)
    {
        Path = path;
        _stream = stream;
    }

    public string Path { get; }

    /// <summary>How many (decompressed) bytes were read so far.</summary>
    public long Offset { get; private set; }

    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    public static DataFile Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        var isGzip = file.ReadByte() == GzipMagic0 && file.ReadByte() == GzipMagic1;
        file.Position = 0;
        return new DataFile(path, isGzip ? new GZipStream(file, CompressionMode.Decompress) : file);
    }

    /// <summary>Fills the buffer as far as the file goes and returns how many bytes that were.</summary>
    /// <exception cref="InvalidDataException">The gzip stream is damaged.</exception>
    public int ReadUpTo(Span<byte> buffer)
    {
        try
        {
            var read = _stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            Offset += read;
            return read;
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException(
                $"{Path}: the gzip stream is damaged after {Offset} decompressed bytes ({error.Message}); fetch the file again.", error);
        }
    }

    /// <summary>Fills the buffer.</summary>
    /// <exception cref="InvalidDataException">The file ends before.</exception>
    public void ReadExactly(Span<byte> buffer, string what)
    {
        var read = ReadUpTo(buffer);
        if (read < buffer.Length) throw Malformed($"the file ends within {what}, {buffer.Length - read} bytes short");
    }

    /// <summary>Refuses anything that follows.</summary>
    /// <exception cref="InvalidDataException">There are more bytes.</exception>
    public void RequireEnd(string promise)
    {
        Span<byte> one = stackalloc byte[1];
        if (ReadUpTo(one) > 0) throw Malformed($"there are more bytes than {promise}");
    }

    public InvalidDataException Malformed(string what) => new($"{Path}, byte {Offset}: {what}; fetch or export the file again.");

    public void Dispose() => _stream.Dispose();
}
