using System.CommandLine;

namespace DemoFl.Cli.Commands;

/// <summary>Turns what the libraries throw at a wrong file, value or specification into the one line that the user reads.</summary>
internal static class Refusals
{
    /// <summary>Sets what the command does; every expected failure leaves it as a <see cref="CliException"/>.</summary>
    public static void SetRefusingAction(this Command command, Func<ParseResult, CancellationToken, Task> action) =>
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                await action(parsed, ct);
            }
            catch (Exception e) when (IsExpected(e))
            {
                throw new CliException(Line(e), ExitCode.Usage, e);
            }
        });

    /// <inheritdoc cref="SetRefusingAction(Command, Func{ParseResult, CancellationToken, Task})"/>
    public static void SetRefusingAction(this Command command, Action<ParseResult, CancellationToken> action) =>
        command.SetRefusingAction((parsed, ct) =>
        {
            action(parsed, ct);
            return Task.CompletedTask;
        });

    /// <summary>Whether a wrong file, value or specification is what this says.</summary>
    public static bool IsExpected(Exception e) =>
        e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException or FormatException;

    /// <summary>
    /// The message with what to do about it, and without the parameter's name, which .NET appends and which says nothing to a user. A message may
    /// quote a file: it must neither break the line nor steer the terminal.
    /// </summary>
    public static string Line(Exception e)
    {
        string message = e is ArgumentException { ParamName: { } name } ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;
        string? advice = MachineFailure.Advice(e);
        return TextTable.Printable(advice is null || message.Contains(advice, StringComparison.Ordinal) ? message : $"{message.TrimEnd('.')}. {advice}");
    }
}
