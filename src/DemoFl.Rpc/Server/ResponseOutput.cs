using System.IO.Compression;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>
/// What leaves the server in one call. The handler's writes, its end and the deadline take turns, so that the deadline may end a
/// call whose handler does not return. Thread-safe in that a second write at the same time is refused.
/// </summary>
internal sealed class ResponseOutput(HttpContext http, int? maxMessageLength, CompressionLevel? compression, ILogger logger) : IDisposable
{
    private const int NoError = 0x0;
    private const int Cancel = 0x8;

    // How long a client that reads nothing may keep a call whose deadline has passed, per wait.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private MessageSerializer _serializer = new(maxMessageLength, compression);
    private volatile bool _ended;
    private volatile bool _cutOff;

    /// <summary>Whether the status is out.</summary>
    public bool HasEnded => _ended;

    /// <summary>Whether the stream is known to be gone, which the request's token may say only a moment later.</summary>
    public bool IsCutOff
    {
        get => _cutOff;
        set => _cutOff = value;
    }

    /// <summary>Says how messages are compressed, null for not at all; before the first of them.</summary>
    public void Compress(CompressionLevel? level) => _serializer = new MessageSerializer(maxMessageLength, level);

    /// <summary>Sends headers ahead of the first message.</summary>
    public async Task WriteHeadersAsync(Metadata headers)
    {
        await _turn.WaitAsync();
        try
        {
            ThrowIfEnded();
            if (http.Response.HasStarted) throw new InvalidOperationException("Response headers can only be sent once per call.");

            foreach (var (name, value) in MetadataWire.Encode(headers).ToArray())
                http.Response.Headers.Append(name, value);
            await http.Response.BodyWriter.FlushAsync(CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends a message, at once or with the next one. Cancellation in the middle of it resets the stream.</summary>
    public async Task WriteMessageAsync<T>(Marshaller<T> marshaller, T message, WriteFlags flags, CancellationToken cancellationToken)
    {
        if (!_turn.Wait(0, CancellationToken.None))
        {
            ThrowIfEnded();
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }

        try
        {
            ThrowIfEnded();

            // Before the response has started, the body writer copies through a buffer of its own.
            if (!http.Response.HasStarted) await http.Response.StartAsync(CancellationToken.None);
            _serializer.Write(marshaller, message, http.Response.BodyWriter, flags);
            if (flags.HasFlag(WriteFlags.BufferHint)) return;

            // Kestrel resets a stream with INTERNAL_ERROR when the token of a flush is cancelled; a reset of our own says CANCEL.
            using var registration = cancellationToken.UnsafeRegister(static output => ((ResponseOutput)output!).CutOff(), this);
            await http.Response.BodyWriter.FlushAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the response; it leaves when the request's delegate returns.</summary>
    public async Task EndAsync(Status status, Metadata trailers)
    {
        await _turn.WaitAsync();
        try
        {
            if (!_ended && !_cutOff) PutTail(status, trailers);
            _ended = true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the response now, whatever the handler does; a client that does not take it has its stream reset.</summary>
    public async Task EndNowAsync(Status status)
    {
        if (!await _turn.WaitAsync(Grace))
        {
            // A write is blocked on flow control; the reset sets it free.
            CutOff();
            await _turn.WaitAsync();
        }

        try
        {
            if (_ended || _cutOff) return;
            _ended = true;
            PutTail(status, Metadata.Empty);
            var complete = http.Response.CompleteAsync();
            var first = await Task.WhenAny(complete, Task.Delay(Grace));
            Reset(first == complete ? NoError : Cancel);
            await complete;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Resets the stream: what a cancelled read or write left behind is of no use to either end.</summary>
    public void CutOff()
    {
        _cutOff = true;
        Reset(Cancel);
    }

    public void Dispose() => _turn.Dispose();

    private void Reset(int http2Error)
    {
        if (http.Features.Get<IHttpResetFeature>() is { } feature) feature.Reset(http2Error);
        else if (http2Error != NoError) http.Abort();
    }

    private void PutTail(Status status, Metadata trailers)
    {
        try
        {
            ResponseTail.Put(http.Response, status, trailers);
        }
        catch (ArgumentException exception)
        {
            Log.HandlerThrew(logger, exception, http.Request.Path);
            ResponseTail.Put(http.Response, new Status(StatusCode.Internal, "The trailers cannot be sent."), Metadata.Empty);
        }
    }

    private void ThrowIfEnded()
    {
        if (_ended || _cutOff) throw new InvalidOperationException("The call has ended.");
    }
}
