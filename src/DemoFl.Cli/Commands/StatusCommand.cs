using System.CommandLine;
using DemoFl.Identity;
using DemoFl.Node.Connections;
using DemoFl.V1;
using Google.Protobuf;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl status</c>: what a federation is doing.</summary>
internal static class StatusCommand
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));
    private static readonly Option<Uri> Server = SharedOptions.Server(required: false);
    private static readonly Option<FileInfo?> TlsAuthority = new("--tls-ca") { Description = "Authority of the server's TLS certificate." };
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create()
    {
        var command = new Command("status", """
            Ask a server what its federation is doing.

            Example:
              demofl status --server http://127.0.0.1:7070
            """) { Server, TlsAuthority, Json };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var authority = parsed.GetValue(TlsAuthority) is { } file ? PemFiles.LoadCertificate(file.FullName) : null;
        var server = parsed.GetValue(Server)!;
        using var connection = new ServerConnection(server, authority);
        var status = await ServerContact.StatusAsync(connection, server, cancellation);
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(Json))
        {
            await output.WriteLineAsync(JsonOf(status));
            return ExitCode.Success;
        }

        await output.WriteLineAsync(TextOf(status));
        return ExitCode.Success;
    }

    public static string JsonOf(FederationStatus status) => Formatter.Format(status);

    /// <summary>For people. A server's words do not steer their terminal.</summary>
    public static string TextOf(FederationStatus status) => $"""
        phase     {TextTable.Printable(status.Phase)}
        round     {status.RoundsCommitted} of {status.RoundsWanted} committed, round number {status.Round}
        term      {status.Term}
        leaders   {TextTable.Printable(string.Join(", ", status.Leaders))}
        nodes     {status.NodesPresent} present, {status.NodesKeyed} with keys
        accuracy  {(double.IsNaN(status.Accuracy) ? "not judged yet" : $"{status.Accuracy:0.00 %}, loss {status.Loss:0.0000}")}
        """;
}
