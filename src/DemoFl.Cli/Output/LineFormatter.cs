using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace DemoFl.Cli.Output;

/// <summary>A log entry as one line. Where an exception was thrown is for who asked for debugging; what it says is for everybody.</summary>
internal sealed partial class LineFormatter(IOptions<LoggerFilterOptions> filter, TimeProvider? clock = null) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "demofl-line";

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>Whether a line on standard error is one of the log, and not the command's last word.</summary>
    public static bool IsLog(string line) => Log().IsMatch(line);

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string text = entry.Formatter(entry.State, entry.Exception);
        if (entry.Exception is { } failure)
        {
            text = filter.Value.MinLevel <= LogLevel.Debug ? $"{text} {failure}"
                : text.Contains(failure.Message, StringComparison.Ordinal) ? text
                : $"{text} {failure.GetType().Name}: {failure.Message}";
        }

        string line = text.ReplaceLineEndings(" ");
        textWriter.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{_clock.GetLocalNow():HH:mm:ss.fff} {Short(entry.LogLevel)}: {entry.Category}[{entry.EventId.Id}] {line}"));
    }

    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d{3} (trce|dbug|info|warn|fail|crit): ", RegexOptions.ExplicitCapture)]
    private static partial Regex Log();

    private static string Short(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
