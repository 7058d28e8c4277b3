using System.CommandLine;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl keys</c>: identities, certificates, rosters and join tokens.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Make and show identities, certificates, rosters and join tokens.")
    {
        KeysAuthority.Create(),
        KeysNode.Create(),
        KeysServer.Create(),
        KeysRoster.Create(),
        KeysToken.Create(),
        KeysShow.Create(),
    };
}
