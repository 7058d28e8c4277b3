using System.CommandLine;
using DemoFl.Relay;
using Microsoft.Extensions.Logging;

namespace DemoFl.Cli.Commands;

/// <summary>Options that several commands have; each command gets instances of its own.</summary>
internal static class SharedOptions
{
    public static Argument<FileInfo?> JobFile()
    {
        var argument = new Argument<FileInfo?>("job") { Description = "Job file (YAML); the defaults without.", Arity = ArgumentArity.ZeroOrOne };

        // A mistyped option would be taken for the file, and the complaint would be about what follows it.
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] text }])
            {
                result.AddError($"There is no option {text}.");
            }
        });
        return argument;
    }

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Set a job value, e.g. --set rounds=20 (repeatable). `demofl run --list-settings` lists them.",
        DefaultValueFactory = _ => [],
    };

    /// <summary>A server's address; this machine's default port where it is not required.</summary>
    public static Option<Uri> Server(bool required)
    {
        var option = new Option<Uri>("--server")
        {
            Description = "The server, http:// (this machine) or https://.", Required = required,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                {
                    return address;
                }

                result.AddError($"--server {text} is not an address such as http://127.0.0.1:7070 or https://fl.example:7070.");
                return null;
            },
        };
        if (!required)
        {
            option.DefaultValueFactory = _ => new Uri("http://127.0.0.1:7070");
        }

        return option;
    }

    /// <summary>Null is all of them.</summary>
    public static Option<KeptCheckpoints> KeepCheckpoints() => new("--keep-checkpoints")
    {
        Description = "Checkpoints kept besides the newest, or all.", HelpName = "N|all",
        DefaultValueFactory = _ => new KeptCheckpoints(ServerSettings.DefaultOlderCheckpoints),
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (KeptCheckpoints.Parse(text) is { } kept)
            {
                return kept;
            }

            result.AddError($"--keep-checkpoints {text} is neither a number of checkpoints, from 0, nor all.");
            return default;
        },
    };

    public static Option<bool> Json() => new("--json") { Description = "Print events as JSON, one object a line." };

    public static Option<LogLevel> Log() => new("--log")
    {
        Description = "Least level of log lines on standard error.", DefaultValueFactory = _ => LogLevel.Warning,
    };

    public static Option<bool> ExitWithInput() => new("--exit-with-input")
    {
        Description = "Stop when standard input ends; for processes that start this one.", Hidden = true,
    };

    public static Option<bool> Insecure() => new("--insecure") { Description = "Accept plaintext beyond this machine." };
}
