using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace DemoFl.Relay.Tests.Fixtures;

/// <summary>Reads a server's audit file. Its log says when to look: it is written after the line.</summary>
internal sealed class AuditReader(string path) : ILoggerProvider, ILogger
{
    private readonly Channel<bool> _written = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>A file that is being written; nothing when there is none.</summary>
    public static string Text(string path)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    public static JsonElement[] Lines(string path) =>
        [.. Text(path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    public async Task<JsonElement> ExpectAsync(string kind, string reason, string? what = null)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (true)
        {
            var lines = Lines(path);
            foreach (var line in lines)
            {
                if (line.GetProperty("kind").GetString() == kind && line.TryGetProperty("reason", out var told)
                    && told.GetString()!.Contains(reason, StringComparison.Ordinal) && (what is null || line.GetProperty("what").GetString() == what))
                {
                    return line;
                }
            }

            try
            {
                await _written.Reader.ReadAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"No line of kind {kind} says '{reason}'; there are: {string.Join(Environment.NewLine, lines)}");
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == "Refused")
        {
            _written.Writer.TryWrite(true);
        }
    }

    public void Dispose()
    {
    }
}
