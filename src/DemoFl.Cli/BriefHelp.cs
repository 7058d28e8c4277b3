using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DemoFl.Cli;

/// <summary>Help in which a list of commands shows the first paragraph of each; examples are shown with the command itself.</summary>
internal sealed class BriefHelp(HelpAction full) : SynchronousCommandLineAction
{
    /// <summary>Who asks for help may leave out what the command requires.</summary>
    public override bool ClearsParseErrors => true;

    public static void ApplyTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new BriefHelp((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        foreach (var command in parseResult.CommandResult.Command.Subcommands)
        {
            command.Description = command.Description?.Split("\n\n", 2)[0].ReplaceLineEndings(" ");
        }

        return full.Invoke(parseResult);
    }
}
