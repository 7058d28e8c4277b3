using System.Threading.Channels;
using DemoFl.V1;

namespace DemoFl.Relay.Forwarding;

/// <summary>
/// What waits for one receiver: short messages, refused when too many wait, and the pieces of bulk transfers, which make their sender
/// wait. Short messages go first. Thread-safe for senders; one reader, with one cancellation for all it takes.
/// </summary>
internal sealed class Mailbox
{
    /// <summary>Short messages that may wait.</summary>
    public const int MaxShort = 16_384;

    /// <summary>What short messages that wait may hold together, in bytes: 2 kB each, were they that many.</summary>
    public const long MaxShortBytes = 32L * 1024 * 1024;

    /// <summary>Bulk envelopes that may wait: 4 MiB of 64 KiB pieces.</summary>
    public const int MaxBulk = 64;

    private readonly Channel<Envelope> _short = Channel.CreateBounded<Envelope>(new BoundedChannelOptions(MaxShort) { SingleReader = true });
    private readonly Channel<Envelope> _bulk = Channel.CreateBounded<Envelope>(new BoundedChannelOptions(MaxBulk) { SingleReader = true });

    private long _shortBytes;

    // Kept from one wait to the next: a wait that is given up would stay in its channel's list until something comes.
    private Task<bool>? _shortReady;
    private Task<bool>? _bulkReady;

    /// <summary>False when full or closed.</summary>
    public bool TryPost(Envelope envelope)
    {
        if (Interlocked.Add(ref _shortBytes, envelope.Content.Length) <= MaxShortBytes && _short.Writer.TryWrite(envelope))
        {
            return true;
        }

        Interlocked.Add(ref _shortBytes, -envelope.Content.Length);
        return false;
    }

    /// <summary>Waits for room.</summary>
    /// <exception cref="OperationCanceledException">There was none in time.</exception>
    /// <exception cref="ChannelClosedException">The receiver is gone.</exception>
    public ValueTask PostBulkAsync(Envelope envelope, CancellationToken cancellation) => _bulk.Writer.WriteAsync(envelope, cancellation);

    public void Close()
    {
        _short.Writer.TryComplete();
        _bulk.Writer.TryComplete();
    }

    /// <summary>The next envelope, or null when the mailbox is closed.</summary>
    public async ValueTask<Envelope?> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (_short.Reader.TryRead(out var envelope))
            {
                Interlocked.Add(ref _shortBytes, -envelope.Content.Length);
                return envelope;
            }

            if (_bulk.Reader.TryRead(out envelope))
            {
                return envelope;
            }

            _shortReady ??= _short.Reader.WaitToReadAsync(cancellation).AsTask();
            _bulkReady ??= _bulk.Reader.WaitToReadAsync(cancellation).AsTask();
            if (!await await Task.WhenAny(_shortReady, _bulkReady))
            {
                return null;
            }

            _shortReady = _shortReady.IsCompleted ? null : _shortReady;
            _bulkReady = _bulkReady.IsCompleted ? null : _bulkReady;
        }
    }
}
