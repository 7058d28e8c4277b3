using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>What a caller asks of one call. Immutable.</summary>
public readonly struct CallOptions
{
    /// <summary>Creates options; everything left out means none.</summary>
    /// <param name="headers">Sent before the first message.</param>
    /// <param name="deadline">
    /// In UTC, or DateTime.MaxValue for none; any other kind is refused. The call ends then with
    /// <see cref="StatusCode.DeadlineExceeded"/> at both ends.
    /// </param>
    /// <param name="cancellationToken">Ends the call with <see cref="StatusCode.Cancelled"/>.</param>
    /// <param name="writeOptions">How request messages are written.</param>
    [SuppressMessage("Design", "CA1068:CancellationToken parameters must come last", Justification = "The public gRPC API has this order.")]
    public CallOptions(
        Metadata? headers = null,
        DateTime? deadline = null,
        CancellationToken cancellationToken = default,
        WriteOptions? writeOptions = null)
    {
        Headers = headers;
        Deadline = deadline;
        CancellationToken = cancellationToken;
        WriteOptions = writeOptions;
    }

    /// <summary>Sent before the first message.</summary>
    public Metadata? Headers { get; private init; }

    /// <summary>When the call ends at the latest, in UTC; null for never.</summary>
    public DateTime? Deadline { get; private init; }

    /// <summary>Ends the call.</summary>
    public CancellationToken CancellationToken { get; private init; }

    /// <summary>How request messages are written; null for the default.</summary>
    public WriteOptions? WriteOptions { get; private init; }

    /// <summary>These options with other headers.</summary>
    public CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    /// <summary>These options with another deadline.</summary>
    public CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    /// <summary>These options with another token.</summary>
    public CallOptions WithCancellationToken(CancellationToken cancellationToken) => this with { CancellationToken = cancellationToken };

    /// <summary>These options with other write options.</summary>
    public CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { WriteOptions = writeOptions };
}
