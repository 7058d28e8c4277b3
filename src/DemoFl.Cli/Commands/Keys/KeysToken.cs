using System.CommandLine;
using System.Text.Json.Nodes;
using DemoFl.Identity;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl keys token</c>: makes a join token.</summary>
internal static class KeysToken
{
    public static Command Create()
    {
        var file = new Option<string>("--out")
        {
            Description = "The server's token file; made if there is none.", HelpName = "FILE", Required = true,
        };
        var json = Facts.JsonOption();
        var command = new Command("token", """
            Make a join token: it admits one node to a server, and vouches for nobody's key. The token is printed once, on standard output;
            the file keeps its hash. A running server reads the file again.

            Examples:
              demofl keys token --out tokens.txt
              demofl server job.yaml --tokens tokens.txt
              demofl node --server https://fl.example.org:7070 --token demofl-join-...
            """) { file, json };
        command.SetRefusingAction((parsed, _) =>
        {
            var path = parsed.GetRequiredValue(file);
            var token = JoinTokens.Generate();
            JoinTokens.Append(path, token);
            Facts.Write(parsed, json, new JsonObject { ["token"] = token, ["file"] = path }, output => output.WriteLine(token));
            if (!parsed.GetValue(json))
                parsed.InvocationConfiguration.Error.WriteLine($"Its hash is in {path}; the token itself is shown only here.");
        });
        return command;
    }
}
