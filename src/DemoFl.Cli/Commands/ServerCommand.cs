using System.CommandLine;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using DemoFl.Cli.Jobs;
using DemoFl.Cli.Output;
using DemoFl.Cli.Runs;
using DemoFl.Identity;
using DemoFl.Relay;
using DemoFl.Relay.Backups;
using DemoFl.Relay.Hosting;
using Microsoft.Extensions.Logging;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl server</c>: relay, coordinator and journal of one run.</summary>
internal static class ServerCommand
{
    private static readonly Argument<FileInfo?> JobFile = SharedOptions.JobFile();
    private static readonly Option<string[]> Set = SharedOptions.Set();
    private static readonly Option<string> Listen = new("--listen") { Description = "Address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
    private static readonly Option<int> Port = new("--port") { Description = "gRPC port; 0 takes a free one.", DefaultValueFactory = _ => 7070 };
    private static readonly Option<int?> HttpPort = new("--http-port") { Description = "Port of the HTTP pages (/, /status.json, /healthz); none without." };
    private static readonly Option<DirectoryInfo> Folder = new("--folder")
    {
        Description = "Run folder: journal and checkpoints.", DefaultValueFactory = _ => new DirectoryInfo("runs/server"),
    };

    private static readonly Option<bool> Resume = new("--resume") { Description = "Go on with the run in the folder." };
    private static readonly Option<FileInfo?> TlsCertificate = new("--tls-cert") { Description = "TLS certificate (PEM)." };
    private static readonly Option<FileInfo?> TlsKey = new("--tls-key") { Description = "Its private key (PEM)." };
    private static readonly Option<FileInfo?> Key = new("--key") { Description = "The server's signing key; made at first start. In the run folder by default." };
    private static readonly Option<FileInfo?> Tokens = new("--tokens") { Description = "File of join tokens (see `demofl keys token`)." };
    private static readonly Option<int> VectorMemory = new("--vector-memory-mb")
    {
        Description = "Memory for uploaded vectors, in MiB; more go to an encrypted file in the run folder.", DefaultValueFactory = _ => 1024,
    };

    private static readonly Option<KeptCheckpoints> KeepCheckpoints = SharedOptions.KeepCheckpoints();
    private static readonly Option<bool> Insecure = SharedOptions.Insecure();
    private static readonly Option<bool> Json = SharedOptions.Json();
    private static readonly Option<LogLevel> Level = SharedOptions.Log();
    private static readonly Option<bool> ExitWithInput = SharedOptions.ExitWithInput();
    private static readonly TrustOptions Trust = new();

    /// <summary>What .NET says of a file that another process has locked: EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.</summary>
    private static readonly int[] LockedElsewhere = [11, 35, unchecked((int)0x8007_0020)];

    public static Command Create()
    {
        var command = new Command("server", """
            Run the server of a federation: the relay, the coordinator and its journal.

            Examples:
              demofl server job.yaml --port 7070 --roster roster.txt --tls-cert server-tls.crt --tls-key server-tls.key
              demofl server job.yaml --folder runs/today --resume
            """)
        {
            JobFile, Set, Listen, Port, HttpPort, Folder, Resume, TlsCertificate, TlsKey, Key, Tokens, VectorMemory, KeepCheckpoints,
            Insecure, Json, Level, ExitWithInput,
        };
        Trust.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var values = JobReader.Read(parsed.GetValue(JobFile)?.FullName, parsed.GetValue(Set)!);
        string folder = parsed.GetValue(Folder)!.FullName;
        if (parsed.GetValue(Resume) && !Directory.Exists(folder))
        {
            throw new CliException($"There is no run to resume in {folder}. Start one without --resume.");
        }

        RunPlace.Make(folder, "--folder");
        using var key = IdentityKey.LoadOrCreate(parsed.GetValue(Key)?.FullName ?? Path.Combine(folder, "server.key"));
        var settings = Settings(parsed, key, folder);
        if (settings.Errors() is { Count: > 0 } errors)
        {
            throw new CliException(string.Join(Environment.NewLine, errors));
        }

        RequireSameJob(settings, values);
        RequirePorts(settings);

        bool json = parsed.GetValue(Json);
        var events = new EventLines(Console.Out);
        IRunObserver observer = json ? events : new RunLines(Console.Out, settings.Trust is RosterTrust trust ? NodeNames.Of(trust.Roster) : NodeNames.None);
        using var stop = new StopSignal(parsed.GetValue(ExitWithInput));
        OutdatedRunException? outdated = null;
        while (true)
        {
            if (outdated is not null)
            {
                Renew(outdated, folder, json ? events : null);
            }

            await using var server = await StartAsync(settings, values, observer, parsed.GetValue(Level));
            if (!settings.Resume)
            {
                JobRecord.Write(folder, values);
            }

            Announce(server, json ? events : null);
            if (outdated is null)
            {
                TrustOptions.Warn(settings.Trust);
            }

            await using var registration = stop.Token.Register(server.Stop);
            try
            {
                return Conclude(server, await OutcomeAsync(server, folder), json ? events : null, stop.Token.IsCancellationRequested);
            }
            catch (OutdatedRunException e)
            {
                // Where the nodes look for it.
                (outdated, settings) = (e, settings with { Resume = true, Port = server.Address.Port, HttpPort = server.Pages?.Port });
            }
        }
    }

    private static void Renew(OutdatedRunException outdated, string folder, EventLines? events)
    {
        var run = RunBackup.Renew(folder);
        if (events is null)
        {
            Console.Error.WriteLine($"{outdated.Message}. It goes on from what it has committed, as run {run}.");
        }
        else
        {
            events.Write("renewed", new JsonObject { ["run"] = run.ToString(), ["reason"] = outdated.Message });
        }
    }

    private static int Conclude(Server server, (bool Succeeded, string Reason) outcome, EventLines? events, bool interrupted)
    {
        var (succeeded, reason) = outcome;
        if (events is not null)
        {
            events.Write("finished", new JsonObject
            {
                ["succeeded"] = succeeded, ["reason"] = reason, ["checkpoint"] = server.NewestCheckpoint,
                ["best"] = server.Best?.Path, ["bestRound"] = server.Best?.Round.Value,
            });
        }
        else
        {
            (succeeded || interrupted ? Console.Out : Console.Error).WriteLine($"{reason}. Model: {server.NewestCheckpoint ?? "none committed"}");
            if (server.Best is { } best)
            {
                Console.WriteLine($"Best model, of round {best.Round}: {best.Path}");
            }
        }

        return succeeded ? ExitCode.Success : interrupted ? ExitCode.Interrupted : ExitCode.Failed;
    }

    private static async Task<Server> StartAsync(ServerSettings settings, JobValues values, IRunObserver observer, LogLevel level)
    {
        try
        {
            return await Server.StartAsync(settings, JobFactory.Make(values), observer, ConsoleLog.At(level));
        }
        catch (Exception e) when (settings.Resume && e is InvalidDataException or FileNotFoundException && e.Message.Contains(settings.Folder, StringComparison.Ordinal))
        {
            throw new CliException(
                $"The run in {settings.Folder} cannot go on: {Refusals.Line(e).TrimEnd('.')}. Restore a backup by `demofl backup restore`, or start another run.",
                ExitCode.Usage, e);
        }
        catch (IOException e) when (Array.IndexOf(LockedElsewhere, e.HResult) >= 0)
        {
            throw new CliException($"The run in {settings.Folder} is in use by another server. Stop that one, or name another folder.", ExitCode.Usage, e);
        }
    }

    private static void RequireSameJob(ServerSettings settings, JobValues values)
    {
        if (settings.Resume && RunPlace.Changes(settings.Folder, values).ToArray() is { Length: > 0 } changes)
        {
            throw new CliException(string.Join(Environment.NewLine, changes));
        }
    }

    /// <summary>Before anything is made, and by name: a host that cannot listen does not say at which of its ports.</summary>
    private static void RequirePorts(ServerSettings settings)
    {
        var ports = new[] { (Option: "--port", Port: (int?)settings.Port), (Option: "--http-port", Port: settings.HttpPort) };
        if (ports.Where(p => p.Port is not null).Select(p => PortCheck.Problem(p.Option, settings.Address, p.Port!.Value)).OfType<string>().ToArray() is { Length: > 0 } taken)
        {
            throw new CliException(string.Join(Environment.NewLine, taken));
        }
    }

    private static async Task<(bool Succeeded, string Reason)> OutcomeAsync(Server server, string folder)
    {
        try
        {
            return await server.Completion;
        }
        catch (IOException e) when (e is not OutdatedRunException)
        {
            throw new CliException(
                $"The run in {folder} cannot go on: {Refusals.Line(e.InnerException ?? e).TrimEnd('.')}. When that is mended, go on with --resume: what it committed is kept.",
                ExitCode.Failed, e);
        }
    }

    private static void Announce(Server server, EventLines? events)
    {
        if (events is not null)
        {
            events.Write("listening", new JsonObject
            {
                ["address"] = server.Address.ToString(), ["pages"] = server.Pages?.ToString(), ["run"] = server.Run.ToString(),
            });
            return;
        }

        Console.WriteLine($"Listening on {server.Address}{(server.Pages is { } pages ? $", pages on {pages}" : "")}, run {server.Run}.");
    }

    private static ServerSettings Settings(ParseResult parsed, IdentityKey key, string folder) => new()
    {
        Address = IPAddress.TryParse(parsed.GetValue(Listen), out var address)
            ? address
            : throw new CliException($"--listen {parsed.GetValue(Listen)} is not an IP address, such as 127.0.0.1 or 0.0.0.0."),
        Port = parsed.GetValue(Port),
        HttpPort = parsed.GetValue(HttpPort),
        Certificate = Certificate(parsed),
        Insecure = parsed.GetValue(Insecure),
        Key = key,
        Trust = Trust.Read(parsed),
        Tokens = parsed.GetValue(Tokens) is { } tokens ? JoinTokens.Load(tokens.FullName) : null,
        Folder = folder,
        Resume = parsed.GetValue(Resume),
        OlderCheckpoints = parsed.GetValue(KeepCheckpoints).Older,
        VectorMemoryBudget = parsed.GetValue(VectorMemory) * 1024L * 1024,
    };

    private static X509Certificate2? Certificate(ParseResult parsed) => (parsed.GetValue(TlsCertificate), parsed.GetValue(TlsKey)) switch
    {
        (null, null) => null,
        ({ } certificate, { } key) => PemFiles.LoadCertificateWithKey(certificate.FullName, key.FullName),
        _ => throw new CliException("--tls-cert and --tls-key go together."),
    };
}
