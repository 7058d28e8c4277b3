namespace DemoFl.Node.Owner;

/// <summary>
/// The owner's own record of everything that ever left one node: what and to whom, how many bytes, and never the content. What matters is on the
/// disk before it is sent; every other message is counted, and the counts are written down with the next line. Thread-safe.
/// </summary>
public sealed class OwnerRecord : IDisposable
{
    private readonly Lock _gate = new();
    private readonly RecordChain _chain;
    private long _messages;
    private long _bytes;
    private long _unrecorded;
    private bool _closed;

    private OwnerRecord(RecordChain chain) => _chain = chain;

    /// <summary>Goes on with the record in a folder, or begins one.</summary>
    /// <param name="folder">Held by this process for as long as the record is open.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="clock">The system's without.</param>
    /// <exception cref="RecordException">The record is damaged at its end, or nothing can be written.</exception>
    public static OwnerRecord Open(OwnerFolder folder, string name, TimeProvider? clock = null) =>
        Open(RecordChain.Open(folder.Path, clock ?? TimeProvider.System), name);

    /// <summary>Writes the last counts and closes.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                Write([], durable: true, swallow: true);
                _closed = true;
                _chain.Dispose();
            }
        }
    }

    internal static OwnerRecord Open(RecordChain chain, string name)
    {
        try
        {
            chain.Append([RecordNote.Start(name, chain.Torn)], durable: true);
            return new OwnerRecord(chain);
        }
        catch
        {
            chain.Dispose();
            throw;
        }
    }

    /// <summary>Counts a message that leaves now.</summary>
    internal void Count(Google.Protobuf.IMessage message)
    {
        lock (_gate)
        {
            _messages++;
            _bytes += message.CalculateSize();
        }
    }

    /// <summary>Writes down what is about to leave, and returns when the disk has it.</summary>
    /// <exception cref="RecordException">It cannot be written: it must not leave.</exception>
    internal void Require(params IReadOnlyList<RecordNote> notes)
    {
        lock (_gate)
        {
            Write(notes, durable: true, swallow: false);
        }
    }

    /// <summary>Writes down what happened. Nothing depends on it: a note that cannot be written is counted, and the count is written later.</summary>
    internal void Note(params IReadOnlyList<RecordNote> notes)
    {
        lock (_gate)
        {
            Write(notes, durable: false, swallow: true);
        }
    }

    private void Write(IReadOnlyList<RecordNote> notes, bool durable, bool swallow)
    {
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            bool owed = _messages > 0 || _unrecorded > 0;
            IReadOnlyList<RecordNote> all = owed ? [RecordNote.Sent(_messages, _bytes, _unrecorded), .. notes] : notes;
            if (all.Count > 0)
            {
                _chain.Append(all, durable);
                (_messages, _bytes, _unrecorded) = (0, 0, 0);
            }
        }
        catch (Exception e) when (swallow && e is RecordException or ObjectDisposedException)
        {
            _unrecorded += notes.Count;
        }
    }
}
