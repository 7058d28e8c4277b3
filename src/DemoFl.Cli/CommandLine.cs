using System.CommandLine;
using System.CommandLine.Parsing;
using DemoFl.Cli.Commands;
using DemoFl.Node;
using DemoFl.Node.Connections;
using Grpc.Core;

namespace DemoFl.Cli;

/// <summary>The command line: its commands, and the one place where failures become a line on standard error and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>
    /// The library would end a process two seconds after its first signal, and a run that stops in good order (nodes, rounds, report) may take longer
    /// on a busy machine.
    /// </summary>
    internal static InvocationConfiguration Configuration => new()
    {
        EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(2),
    };

    public static async Task<int> InvokeAsync(string[] args)
    {
        var parsed = Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Fail($"{string.Join(Environment.NewLine, parsed.Errors.Select(e => e.Message))}{Environment.NewLine}See {Path(parsed.CommandResult)} --help.", ExitCode.Usage);
        }

        try
        {
            return await parsed.InvokeAsync(Configuration);
        }
        catch (CliException e)
        {
            return Fail(e.Message, e.ExitCode);
        }
        catch (NodeRefusedException e)
        {
            return Fail(e.Message, ExitCode.Refused);
        }
        catch (RpcException e)
        {
            return Fail($"The server does not answer: {CallFailure.Reason(e)}.", ExitCode.Unreachable);
        }
        catch (OperationCanceledException)
        {
            return Fail("Interrupted.", ExitCode.Interrupted);
        }
        catch (Exception e) when (Refusals.IsExpected(e))
        {
            return Fail(Refusals.Line(e), ExitCode.Usage);
        }
        catch (OutOfMemoryException)
        {
            return Fail("There is not enough memory. Use a smaller model or set, or fewer parties in a process; `demofl run --dry-run` says what a run needs.", ExitCode.Failed);
        }
    }

    public static ParseResult Parse(string[] args)
    {
        var root = Root();
        BriefHelp.ApplyTo(root);
        return root.Parse(args);
    }

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "demofl";

    private static RootCommand Root() => new("Federated learning in which nobody, not even the server, sees anyone's update.")
    {
        DemoCommand.Create(), RunCommand.Create(), ServerCommand.Create(), NodeCommand.Create(), StatusCommand.Create(), DataCommand.Create(),
        ModelCommand.Create(), BackupCommand.Create(), KeysCommand.Create(), DoctorCommand.Create(), AttackCommand.Create(),
    };

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine(message);
        return exitCode;
    }
}
