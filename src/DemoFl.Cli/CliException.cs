namespace DemoFl.Cli;

/// <summary>Ends the command with one clear message, naming the thing and the fix, and an exit code.</summary>
internal sealed class CliException(string message, int exitCode = ExitCode.Usage, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode => exitCode;
}
