using System.Buffers.Binary;
using System.IO.Compression;

namespace DemoFl.Learning;

/// <summary>
/// A file of examples, gzip or not (told by its first two bytes, not by its name), read with errors that name the file and the place.
/// </summary>
internal sealed class DataFile : IDisposable
{
    private const byte GzipMagic0 = 0x1F, GzipMagic1 = 0x8B;
    private const int BufferBytes = 64 * 1024;

    private readonly FileStream _file;
    private readonly GZipStream? _gzip;

    private DataFile(string path, FileStream file, bool isGzip)
    {
        Path = path;
        _file = file;
        _gzip = isGzip ? new GZipStream(file, CompressionMode.Decompress) : null;
    }

    public string Path { get; }

    /// <summary>How many (decompressed) bytes were read so far.</summary>
    public long Offset { get; private set; }

    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DataFile Open(string path)
    {
        if (Directory.Exists(path)) throw new IOException($"{path} is a folder; name a file in it.");
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
            var isGzip = file.ReadByte() == GzipMagic0 && file.ReadByte() == GzipMagic1;
            file.Position = 0;
            return new DataFile(path, file, isGzip);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"There is no file {path}. Check the path.", path, error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{path} may not be read by this user. Change its mode or owner.", error);
        }
    }

    /// <summary>Fills the buffer as far as the file goes and returns how many bytes that were.</summary>
    /// <exception cref="InvalidDataException">The gzip stream is damaged or cut short.</exception>
    public int ReadUpTo(Span<byte> buffer)
    {
        var read = ReadAtMost(buffer);
        Offset += read;
        return read < buffer.Length && _gzip is not null && !EndsWithItsLength()
            ? throw Malformed("the gzip stream is cut short, or several were put together")
            : read;
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

    public void Dispose()
    {
        _gzip?.Dispose();
        _file.Dispose();
    }

    private int ReadAtMost(Span<byte> buffer)
    {
        try
        {
            return (_gzip ?? (Stream)_file).ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException(
                $"{Path}: the gzip stream is damaged after {Offset} decompressed bytes ({error.Message}); fetch the file again.", error);
        }
    }

    // The decompressor takes the end of the file for the end of its stream: rows of a table would be missing without a word. A gzip stream
    // ends with the length of what it holds, modulo 2^32 (RFC 1952, section 2.3.1).
    private bool EndsWithItsLength()
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        return _file.Length > length.Length
            && RandomAccess.Read(_file.SafeFileHandle, length, _file.Length - length.Length) == length.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(length) == (uint)Offset;
    }
}
