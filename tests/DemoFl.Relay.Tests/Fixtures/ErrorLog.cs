using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DemoFl.Relay.Tests.Fixtures;

/// <summary>Keeps what is logged as an error; whoever owns it asserts that there is none that it did not expect.</summary>
internal sealed class ErrorLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _errors = new();

    public IReadOnlyCollection<string> Errors => _errors;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // Kestrel takes the queue of a connection that has just ended for a full one when a stream of it still had something to say.
        if (IsEnabled(logLevel) && eventId.Name != "Http2QueueOperationsExceeded")
        {
            _errors.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
