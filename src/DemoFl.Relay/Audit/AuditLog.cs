using Microsoft.Extensions.Logging;

namespace DemoFl.Relay.Audit;

/// <summary>
/// Where the server says what it refused and whom it dropped: a log line and a line of the audit file, by one call. Too many of them become
/// a count. Thread-safe; never throws for a file that cannot be written, since nobody may stop the server by filling its disk.
/// </summary>
internal sealed class AuditLog : IDisposable
{
    /// <summary>How often what was only counted is written.</summary>
    public static readonly TimeSpan SummaryPeriod = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly AuditThrottle _throttle = new();
    private readonly AuditFile _file;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly long _started;
    private readonly ITimer _summaries;
    private long _lost;
    private bool _disposed;

    public AuditLog(AuditFile file, TimeProvider clock, ILogger<AuditLog> logger)
    {
        (_file, _clock, _logger, _started) = (file, clock, logger, clock.GetTimestamp());
        _summaries = clock.CreateTimer(static log => ((AuditLog)log!).Summarise(), this, SummaryPeriod, SummaryPeriod);
    }

    /// <summary>Records what happened, at the time of the call.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="address">The peer's address without its port, by which events are limited.</param>
    public void Record(in AuditEvent happened, string address)
    {
        lock (_gate)
        {
            if (_disposed || !_throttle.Admit(address, happened.Kind, _clock.GetElapsedTime(_started)))
            {
                return;
            }

            Write(AuditLine.Of(_clock.GetUtcNow(), happened));
        }

        // Printable: a peer's text must not forge lines of the log.
        string who = happened.Session?.ToString() ?? "somebody";
        Log.Refused(_logger, AuditText.Printable(happened.What), who, happened.Peer, happened.Kind, AuditText.Printable(happened.Reason));
    }

    /// <summary>Writes what has been counted, and closes the file.</summary>
    public void Dispose()
    {
        _summaries.Dispose();
        lock (_gate)
        {
            if (!_disposed)
            {
                WriteCounted();
                _disposed = true;
                _file.Dispose();
            }
        }
    }

    private void Summarise()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                WriteCounted();
            }
        }
    }

    private void WriteCounted()
    {
        foreach (var (address, kind, count) in _throttle.TakeCounted(_clock.GetElapsedTime(_started)))
        {
            Write(AuditLine.More(_clock.GetUtcNow(), kind, address, count));
        }
    }

    private void Write(byte[] line)
    {
        try
        {
            _file.Append(line);
            if (_lost > 0)
            {
                Log.AuditResumed(_logger, _lost);
                _lost = 0;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_lost++ == 0)
            {
                Log.AuditFailed(_logger, e.Message);
            }
        }
    }
}
