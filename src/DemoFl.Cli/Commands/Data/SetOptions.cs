using System.CommandLine;

namespace DemoFl.Cli.Commands;

/// <summary>The options of the commands that write data sets; each command gets instances of its own.</summary>
internal sealed class SetOptions
{
    public Option<string> Out { get; } = new("--out") { Description = "The folder to make.", Required = true, HelpName = "DIR" };

    public Option<string?> Format { get; } = FormatOption();

    public Option<bool> Gzip { get; } = new("--gzip") { Description = "Compress the files." };

    public Option<bool> Json { get; } = Facts.JsonOption();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Out, Format, Gzip, Json]) command.Add(option);
    }

    private static Option<string?> FormatOption()
    {
        var option = new Option<string?>("--format") { Description = "File format; by default the one that suits the examples." };
        option.AcceptOnlyFromAmong(SetFormat.Names);
        return option;
    }
}
