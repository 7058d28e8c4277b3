using Microsoft.Extensions.Logging;

namespace DemoFl.Node.Tests.Federations;

/// <summary>One line of the log as people would read it.</summary>
internal sealed record LogLine(LogLevel Level, string Category, int Id, string Text);

/// <summary>Keeps every log line of a federation, server and nodes alike.</summary>
internal sealed class LogBook(LogLevel level) : ILoggerProvider
{
    public EventLog<LogLine> Lines { get; } = new();

    public void Configure(ILoggingBuilder logging) => logging.SetMinimumLevel(level).AddProvider(this);

    public ILogger CreateLogger(string categoryName) => new Pen(this, categoryName);

    public ILogger<T> CreateLogger<T>() => new Pen<T>(this);

    public void Dispose()
    {
    }

    private class Pen(LogBook book, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= book.Level;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                book.Lines.Add(new LogLine(logLevel, category, eventId.Id, $"{formatter(state, exception)} {exception}"));
            }
        }
    }

    private sealed class Pen<T>(LogBook book) : Pen(book, typeof(T).FullName!), ILogger<T>;

    private LogLevel Level => level;
}
