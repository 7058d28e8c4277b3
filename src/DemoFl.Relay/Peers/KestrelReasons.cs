using System.Collections.Frozen;
using DemoFl.Relay.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DemoFl.Relay.Peers;

/// <summary>
/// Kestrel ends a connection that breaks HTTP by itself and tells why only in its own log, below what operators read. This listens there and
/// reports the reason of each connection. It knows Kestrel's events by name; tests hold it to every one that a peer can cause.
/// </summary>
internal sealed class KestrelReasons(ConnectionTable connections) : ILoggerProvider, ISupportExternalScope
{
    /// <summary>The categories to listen to, from <see cref="LogLevel.Debug"/> on.</summary>
    public const string Categories = "Microsoft.AspNetCore.Server.Kestrel";

    private const string ConnectionId = "ConnectionId";

    /// <summary>HTTP/2's word for too much, in the texts of errors.</summary>
    private const string EnhanceYourCalm = "ENHANCE_YOUR_CALM";

    /// <summary>Events about a peer; those without a text carry an exception that says it.</summary>
    private static readonly FrozenDictionary<string, (AuditKind Kind, string? Text)> Events = new Dictionary<string, (AuditKind, string?)>
    {
        ["ConnectionBadRequest"] = (AuditKind.ProtocolViolation, null),
        ["HPackDecodingError"] = (AuditKind.ProtocolViolation, null),
        ["Http2ConnectionError"] = (AuditKind.ProtocolViolation, null),
        ["Http2StreamError"] = (AuditKind.ProtocolViolation, null),
        ["Http2FlowControlQueueOperationsExceeded"] = (AuditKind.LimitReached, "too many responses wait for flow control"),
        ["Http2MaxConcurrentStreamsReached"] = (AuditKind.LimitReached, "too many streams open"),
        ["Http2QueueOperationsExceeded"] = (AuditKind.LimitReached, "too many answers wait to be sent"),
        ["Http2TooManyEnhanceYourCalms"] = (AuditKind.LimitReached, "streams opened and reset too fast"),
        ["PossibleInvalidHttpVersionDetected"] = (AuditKind.ProtocolViolation, "another version of HTTP than this port's"),
        ["RequestBodyMinimumDataRateNotSatisfied"] = (AuditKind.DeadlineExpired, "a request's body came too slowly"),
        ["ResponseMinimumDataRateNotSatisfied"] = (AuditKind.SlowReader, "a response was taken too slowly"),
    }.ToFrozenDictionary();

    private IExternalScopeProvider? _scopes;

    public ILogger CreateLogger(string categoryName) => new Listener(this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private void Listen<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception)
    {
        if (eventId.Name is { } name && Events.TryGetValue(name, out var what))
        {
            ConnectionOf(state)?.Report(KindOf(exception, what.Kind), what.Text ?? exception?.Message ?? name);
        }
        else if (logLevel == LogLevel.Warning && eventId.Id == 0 && exception is not null)
        {
            // What Kestrel did not foresee and ends the connection for; the event has no name and leaves the connection to its scope.
            PeerConnection? scoped = null;
            _scopes?.ForEachScope((scope, _) => scoped ??= ConnectionOf(scope), state);
            scoped?.Report(AuditKind.ProtocolViolation, exception.Message);
        }
    }

    private PeerConnection? ConnectionOf<TState>(TState state)
    {
        foreach (var (key, value) in state as IReadOnlyList<KeyValuePair<string, object?>> ?? [])
        {
            if (key == ConnectionId)
            {
                return value is string id ? connections.Find(id) : null;
            }
        }

        return null;
    }

    private static AuditKind KindOf(Exception? exception, AuditKind otherwise) => (exception as BadHttpRequestException)?.StatusCode switch
    {
        null when exception?.Message.Contains(EnhanceYourCalm, StringComparison.Ordinal) == true => AuditKind.LimitReached,
        StatusCodes.Status408RequestTimeout => AuditKind.DeadlineExpired,
        StatusCodes.Status413PayloadTooLarge or StatusCodes.Status414UriTooLong or StatusCodes.Status431RequestHeaderFieldsTooLarge =>
            AuditKind.LimitReached,
        _ => otherwise,
    };

    private sealed class Listener(KestrelReasons reasons) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            reasons.Listen(logLevel, eventId, state, exception);
    }
}
