using System.Text;

namespace DemoFl.Learning;

/// <summary>Reads UTF-8 lines of bounded length, ended by LF or CRLF; blank lines are skipped but counted.</summary>
internal sealed class LineReader : IDisposable
{
    /// <summary>The longest line, in bytes.</summary>
    public const int MaxLineBytes = 4 * 1024 * 1024;

    private readonly DataFile _file;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly MemoryStream _line = new();
    private int _position, _filled;

    public LineReader(string path) => _file = DataFile.Open(path);

    /// <summary>The number of the line last returned, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>The next line that is not blank, or null at the end.</summary>
    /// <exception cref="InvalidDataException">The line is too long, or the gzip stream is damaged.</exception>
    public string? Next()
    {
        while (ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line)) return line;
        }

        return null;
    }

    /// <summary>A complaint about the present line, as FILE:LINE.</summary>
    public InvalidDataException Malformed(string what) => new($"{_file.Path}:{Number}: {what}.");

    /// <summary>A complaint about one field of the present line, as FILE:LINE:COLUMN, the column counted in fields from 1.</summary>
    public InvalidDataException Malformed(int column, string what) => new($"{_file.Path}:{Number}:{column}: {what}.");

    public void Dispose()
    {
        _file.Dispose();
        _line.Dispose();
    }

    private string? ReadLine()
    {
        _line.SetLength(0);
        Number++;
        while (Fill())
        {
            var rest = _buffer.AsSpan(_position, _filled - _position);
            var end = rest.IndexOf((byte)'\n');
            _line.Write(end < 0 ? rest : rest[..end]);
            _position += end < 0 ? rest.Length : end + 1;
            if (_line.Length > MaxLineBytes) throw Malformed($"the line is longer than {MaxLineBytes} bytes; is this a CSV file?");
            if (end >= 0) return Text();
        }

        return _line.Length > 0 ? Text() : null;
    }

    private string Text() => Encoding.UTF8.GetString(_line.GetBuffer().AsSpan(0, (int)_line.Length)).TrimEnd('\r').TrimStart('\uFEFF');

    private bool Fill()
    {
        if (_position < _filled) return true;
        (_position, _filled) = (0, _file.ReadUpTo(_buffer));
        return _filled > 0;
    }
}
