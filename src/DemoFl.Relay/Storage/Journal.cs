using DemoFl.Learning;
using DemoFl.V1;

namespace DemoFl.Relay.Storage;

/// <summary>
/// The append-only file that a run can be resumed from (<see cref="JournalFrames"/>). A torn tail, from a crash in the middle of an append, is cut
/// off when the journal is opened; damage is refused, and so is a journal that ends before its <see cref="JournalMark"/>: only a record whose append
/// had not returned is ever cut off. Thread-safe.
/// </summary>
internal sealed class Journal : IDisposable
{
    public const int SchemaVersion = 1;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly JournalMark _mark;
    private uint _generation;
    private FileStream _file;
    private bool _failed;

    private Journal(string path, JournalMark mark, FileStream file, IReadOnlyList<JournalRecord> records) =>
        (_path, _mark, _file, _generation) = (path, mark, file, GenerationOf(records));

    /// <summary>In bytes.</summary>
    public long Length
    {
        get
        {
            lock (_gate)
            {
                return _file.Length;
            }
        }
    }

    /// <summary>Starts a journal with its first records: the file is there with them, or not at all.</summary>
    /// <exception cref="IOException">The file exists already, or cannot be written.</exception>
    public static Journal Create(string path, params IReadOnlyList<JournalRecord> first)
    {
        var mark = JournalMark.Take(path);
        try
        {
            if (File.Exists(path))
            {
                throw new IOException($"{path} exists already.");
            }

            // Of a journal that somebody took away; it says nothing of this one.
            mark.Set(0, 0);
            DurableFile.WriteNew(path, stream => JournalFrames.Write(stream, first));
            var journal = new Journal(path, mark, OpenFile(path), first);
            journal.GoOnAt(journal._file.Length);
            return journal;
        }
        catch
        {
            mark.Dispose();
            throw;
        }
    }

    /// <summary>Opens a journal and reads all of it.</summary>
    /// <exception cref="InvalidDataException">Not a journal, damaged before its tail, or shorter than it was.</exception>
    /// <exception cref="IOException">Another process has it open, or it cannot be read.</exception>
    public static (Journal Journal, IReadOnlyList<JournalRecord> Records) Open(string path)
    {
        // Nothing is made beside what is none.
        Peek(path);
        var mark = JournalMark.Take(path);
        FileStream? file = null;
        try
        {
            file = OpenFile(path);
            var (records, end) = JournalFrames.Read(file);
            var journal = new Journal(path, mark, file, records);
            RequireAll(path, journal._generation, mark.Read(), end);
            journal.GoOnAt(end);
            return (journal, records);
        }
        catch
        {
            file?.Dispose();
            mark.Dispose();
            throw;
        }
    }

    /// <summary>Reads a journal that a server may be writing meanwhile: every record that is whole, and their bytes.</summary>
    /// <exception cref="InvalidDataException">Not a journal, damaged before its tail, or shorter than it was.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static (IReadOnlyList<JournalRecord> Records, byte[] Whole) Peek(string path)
    {
        // The mark first: what it says, the journal holds by then.
        var mark = JournalMark.Peek(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var (records, end) = JournalFrames.Read(file);
        RequireAll(path, GenerationOf(records), mark, end);
        var whole = new byte[end];
        file.Position = 0;
        file.ReadExactly(whole);
        return (records, whole);
    }

    /// <summary>Appends and fsyncs. An exception means that nothing may be sent that depends on the record: the process must stop.</summary>
    public void Append(JournalRecord record)
    {
        byte[] frame = JournalFrames.Of(record);
        lock (_gate)
        {
            RequireUsable();
            _failed = true;
            _file.Write(frame);
            _file.Flush(flushToDisk: true);
            _mark.Set(_generation, _file.Position);
            _failed = false;
        }
    }

    /// <summary>
    /// Puts other records, from which the same state follows, in the place of all that are there, and counts the generation in the first. The file
    /// holds either the old or the new ones whatever happens; an exception is one of <see cref="Append"/>.
    /// </summary>
    public void Rewrite(IReadOnlyList<JournalRecord> records)
    {
        lock (_gate)
        {
            RequireUsable();
            _failed = true;
            var first = records[0].Clone();
            first.RunCreated.Generation = _generation + 1;

            // Windows replaces no file that is open.
            _file.Dispose();
            DurableFile.Write(_path, stream => JournalFrames.Write(stream, [first, .. records.Skip(1)]));
            (_file, _generation) = (OpenFile(_path), _generation + 1);
            GoOnAt(_file.Length);
            _failed = false;
        }
    }

    /// <summary>Takes a journal back that nothing was told of.</summary>
    public void Delete()
    {
        _file.Dispose();
        File.Delete(_path);
        File.Delete(JournalMark.PathOf(_path));
        _mark.Dispose();
    }

    public void Dispose()
    {
        _file.Dispose();
        _mark.Dispose();
    }

    /// <summary>To be shared with whoever only reads; that nobody else writes is what the mark is held for.</summary>
    private static FileStream OpenFile(string path) => new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);

    private static uint GenerationOf(IReadOnlyList<JournalRecord> records) => records.Count > 0 ? records[0].RunCreated?.Generation ?? 0 : 0;

    private void GoOnAt(long end)
    {
        _file.SetLength(end);
        _file.Position = end;
        _file.Flush(flushToDisk: true);
        _mark.Set(_generation, end);
    }

    private static void RequireAll(string path, uint generation, (uint Generation, long Length)? told, long end)
    {
        if (told is not { } mark || mark.Generation < generation)
        {
            return;
        }

        if (mark.Generation > generation)
        {
            throw new InvalidDataException($"{path} is an older one than this run's: it was rewritten {generation} times, not {mark.Generation}.");
        }

        if (end < mark.Length)
        {
            throw new InvalidDataException($"{path} ends at byte {end} and had {mark.Length}: records are missing that the run relied on.");
        }
    }

    private void RequireUsable()
    {
        if (_failed)
        {
            throw new IOException($"An earlier append to {_path} failed; nothing may follow what it left behind.");
        }
    }
}
