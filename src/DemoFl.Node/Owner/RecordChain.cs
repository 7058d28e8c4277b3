using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Node.Owner;

/// <summary>
/// Appends lines to the newest file of a record. What an append that failed has left behind is taken back, at once or before the next one. One call
/// at a time.
/// </summary>
internal sealed class RecordChain : IDisposable
{
    private readonly string _folder;
    private readonly TimeProvider _clock;
    private readonly int _maxBytes;
    private FileStream _file;
    private long _length;
    private bool _untidy;
    private long _number;
    private Hash256 _last;

    private RecordChain(string folder, TimeProvider clock, int maxBytes, FileStream file, long number, Hash256 last)
    {
        (_folder, _clock, _maxBytes, _file, _length, _number, _last) = (folder, clock, maxBytes, file, file.Length, number, last);
    }

    /// <summary>Bytes of a last line that was not whole.</summary>
    public int Torn { get; private init; }

    /// <summary>Goes on behind the last whole line.</summary>
    /// <exception cref="RecordException">The last line is damaged, or nothing can be written.</exception>
    public static RecordChain Open(string folder, TimeProvider clock, int maxBytes = RecordFiles.MaxBytes)
    {
        try
        {
            var files = RecordFiles.In(folder);
            RecordLine? last = null;
            for (int i = files.Count - 1; i >= 0; i--)
            {
                var (whole, torn, line) = Tail(files[i]);
                if (whole > 0 && line is null)
                {
                    throw new RecordException(
                        $"{files[i]}: the last line is not one of a record. Look at it with `demofl node log --verify`, and move the folder away to begin another.");
                }

                // A file that was begun and has no whole line yet goes on from the one before it.
                last = line;
                if (last is not null || i == 0)
                {
                    return Continue(folder, clock, maxBytes, files[^1], last, i == files.Count - 1 ? (whole, torn) : (0, (int)new FileInfo(files[^1]).Length));
                }
            }

            return Continue(folder, clock, maxBytes, RecordFiles.After(folder, null), null, (0, 0));
        }
        catch (Exception e) when (RecordException.IsDenial(e))
        {
            throw RecordException.Of(folder, e);
        }
    }

    /// <summary>Writes lines, and with <paramref name="durable"/> waits until the disk has them.</summary>
    /// <exception cref="RecordException">They cannot be written.</exception>
    public void Append(IReadOnlyList<RecordNote> notes, bool durable)
    {
        try
        {
            Tidy();
            var (bytes, last) = Compose(notes);
            if (_length > 0 && _length + bytes.Length > _maxBytes)
            {
                Rotate();
            }

            _untidy = true;
            _file.Write(bytes);
            if (durable)
            {
                _file.Flush(flushToDisk: true);
            }

            (_untidy, _length, _number, _last) = (false, _length + bytes.Length, _number + notes.Count, last);
        }
        catch (Exception e) when (RecordException.IsDenial(e))
        {
            TryTidy();
            throw RecordException.Of(_folder, e);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static RecordChain Continue(
        string folder, TimeProvider clock, int maxBytes, string path, RecordLine? last, (long Whole, int Torn) tail)
    {
        var file = new FileStream(path, OwnerFolder.Private(FileMode.OpenOrCreate, FileShare.Read));
        try
        {
            file.SetLength(tail.Whole);
            file.Position = tail.Whole;
            DurableFile.SyncDirectory(folder);
            return new RecordChain(folder, clock, maxBytes, file, last?.Number ?? 0, last?.Hash ?? default) { Torn = tail.Torn };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>How many bytes of a file are whole lines, how many are not, and the last whole one.</summary>
    private static (long Whole, int Torn, RecordLine? Last) Tail(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        int kept = (int)Math.Min(file.Length, 2 * RecordFiles.MaxLineBytes);
        byte[] bytes = new byte[kept];
        file.Position = file.Length - kept;
        file.ReadExactly(bytes);
        int end = Array.LastIndexOf(bytes, (byte)'\n');
        int torn = kept - end - 1;
        if (torn > RecordFiles.MaxLineBytes)
        {
            // No line is that long, so none was torn here: cutting it off might cut off the record.
            return (file.Length, 0, null);
        }

        int start = end <= 0 ? 0 : Array.LastIndexOf(bytes, (byte)'\n', end - 1) + 1;
        return end < 0 ? (0, torn, null) : (file.Length - torn, torn, RecordLine.Parse(bytes.AsSpan(start, end - start)));
    }

    private (byte[] Bytes, Hash256 Last) Compose(IReadOnlyList<RecordNote> notes)
    {
        using var lines = new MemoryStream();
        var (number, last, at) = (_number, _last, _clock.GetUtcNow());
        foreach (var note in notes)
        {
            (byte[] bytes, last) = RecordLine.Compose(++number, at, note, last);
            lines.Write(bytes);
            lines.WriteByte((byte)'\n');
        }

        return (lines.ToArray(), last);
    }

    /// <summary>Takes back what a write that failed has left behind.</summary>
    private void Tidy()
    {
        if (_untidy)
        {
            _file.SetLength(_length);
            _file.Position = _length;
            _untidy = false;
        }
    }

    private void TryTidy()
    {
        try
        {
            Tidy();
        }
        catch (Exception e) when (RecordException.IsDenial(e))
        {
            // The next append tries again.
        }
    }

    private void Rotate()
    {
        // What is in the old file and not yet on the disk must be there before anything that follows it.
        _file.Flush(flushToDisk: true);
        var next = new FileStream(RecordFiles.After(_folder, _file.Name), OwnerFolder.Private(FileMode.Create, FileShare.Read));
        try
        {
            // A file whose name is lost in a crash takes with it what was durable in it.
            DurableFile.SyncDirectory(_folder);
        }
        catch
        {
            next.Dispose();
            throw;
        }

        _file.Dispose();
        (_file, _length) = (next, 0);
    }
}
