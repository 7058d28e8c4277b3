using System.CommandLine;
using System.Text.Json;
using DemoFl.Cli.Jobs;
using DemoFl.Cli.Output;
using DemoFl.Cli.Runs;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl run</c>: a job's server and all its nodes as processes on this machine.</summary>
internal static class RunCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly Argument<FileInfo?> JobFile = SharedOptions.JobFile();
    private static readonly Option<string[]> Set = SharedOptions.Set();
    private static readonly Option<DirectoryInfo?> Folder = new("--folder") { Description = "Run folder; runs/JOB by default." };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Go on with the run in the folder." };
    private static readonly Option<bool> AllowPlain = new("--allow-plain") { Description = "Let the nodes take part in a plain run, which shows updates to the server." };
    private static readonly Option<int> MinLeaders = new("--min-leaders") { Description = "The nodes' floor for leaders.", DefaultValueFactory = _ => 2 };
    private static readonly Option<int> MinKMin = new("--min-k") { Description = "The nodes' floor for k-min.", DefaultValueFactory = _ => 3 };
    private static readonly Option<int?> HttpPort = new("--http-port") { Description = "Port of the server's HTTP pages." };
    private static readonly Option<KeptCheckpoints> KeepCheckpoints = SharedOptions.KeepCheckpoints();
    private static readonly Option<FileInfo?> Report = new("--report") { Description = "Report file; report.json in the run folder by default." };
    private static readonly Option<bool> ListSettings = new("--list-settings") { Description = "List every key of a job file and stop." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Check the job, its data, the folder and ports, print what would run, and stop." };
    private static readonly Option<ListFormat> Format = new("--format") { Description = "With --list-settings: text, schema (JSON schema for editors) or markdown.", Hidden = true };
    private static readonly Option<bool> Json = SharedOptions.Json();
    private static readonly Option<LogLevel> Level = SharedOptions.Log();

    public static Command Create()
    {
        var command = new Command("run", """
            Run a whole federation on this machine: a server process and the job's node processes.

            Examples:
              demofl run                                        the defaults: ten nodes on generated data
              demofl run job.yaml --folder runs/mnist
              demofl run --set data=mnist:data/mnist --set model=cnn --set parties=100 --set fraction=0.1
              demofl run job.yaml --folder runs/mnist --resume  after Ctrl-C
              demofl run job.yaml --dry-run                     what would run, and whether it can

            A job file:
              model: cnn
              data: mnist:data/mnist
              partition: shards:2
              parties: 100
              fraction: 0.1
              rounds: 20

            Exit codes: 0 done, 1 the run failed, 2 wrong input, 3 refused, 4 server unreachable, 130 interrupted.
            """)
        {
            JobFile, Set, Folder, Resume, AllowPlain, MinLeaders, MinKMin, HttpPort, KeepCheckpoints, Report, DryRun, ListSettings, Format, Json, Level,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    /// <summary>Runs a job with a live table on a terminal, lines or JSON elsewhere, and writes its report.</summary>
    public static async Task<RunResult> ExecuteAsync(JobValues job, RunOptions options, bool json, string? report, CancellationToken cancellation)
    {
        RunCheck.Require(job, options, report);
        string reportFile = report ?? Path.Combine(options.Folder, "report.json");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(reportFile))!);
        bool live = !json && AnsiConsole.Profile.Capabilities.Interactive && AnsiConsole.Profile.Out.IsTerminal;
        RunResult result;
        if (live)
        {
            var table = new RoundTable();
            result = await table.ShowAsync(() => new LocalRun(job, options, table).ExecuteAsync(cancellation));
        }
        else
        {
            result = await new LocalRun(job, options, new LineDisplay(Console.Out, json)).ExecuteAsync(cancellation);
        }

        await File.WriteAllTextAsync(reportFile, result.ToJson(job.Texts).ToJsonString(Indented) + "\n", CancellationToken.None);
        return result;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        if (parsed.GetValue(ListSettings))
        {
            return List(parsed.InvocationConfiguration.Output, parsed.GetValue(Format));
        }

        if (parsed.GetResult(Format) is { Implicit: false })
        {
            throw new CliException("--format goes with --list-settings.");
        }

        var file = parsed.GetValue(JobFile);
        var job = JobReader.Read(file?.FullName, parsed.GetValue(Set)!);
        string folder = parsed.GetValue(Folder)?.FullName ?? Path.GetFullPath(Path.Combine("runs", Path.GetFileNameWithoutExtension(file?.Name ?? "job")));
        var options = new RunOptions(
            folder, parsed.GetValue(Resume), parsed.GetValue(AllowPlain), parsed.GetValue(MinLeaders), parsed.GetValue(MinKMin), parsed.GetValue(HttpPort),
            parsed.GetValue(Level)) { OlderCheckpoints = parsed.GetValue(KeepCheckpoints).Older };
        bool json = parsed.GetValue(Json);
        if (parsed.GetValue(DryRun))
        {
            return Show(RunCheck.Of(job, options, parsed.GetValue(Report)?.FullName), parsed.InvocationConfiguration.Output, json);
        }

        if (job.Layout == Protocol.Layout.Plain && !json)
        {
            Warn("PLAIN: no privacy. The server sees every update.");
        }

        using var stop = new StopSignal(watchInput: false);
        var result = await ExecuteAsync(job, options, json, parsed.GetValue(Report)?.FullName, stop.Token);
        if (!json)
        {
            Summarise(result);
        }

        return result.ExitCode;
    }

    /// <exception cref="CliException">The run would not start; all that stands in its way.</exception>
    private static int Show(RunCheck check, TextWriter output, bool json)
    {
        if (json)
        {
            output.WriteLine(check.ToJson().ToJsonString());
        }
        else
        {
            check.Write(output);
        }

        check.RequireNoProblems();
        return ExitCode.Success;
    }

    private static void Warn(string line)
    {
        if (AnsiConsole.Profile.Out.IsTerminal)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{line}[/]");
        }
        else
        {
            Console.WriteLine(line);
        }
    }

    private static void Summarise(RunResult result)
    {
        if (result.ExitCode == ExitCode.Failed)
        {
            Console.Error.WriteLine($"The run failed: {result.Reason}. What it committed is kept in {result.Folder}.");
            return;
        }

        Console.WriteLine($"{result.Reason}. Model: {result.Checkpoint ?? "none committed"}");
        if (result.Best is { } best)
        {
            Console.WriteLine($"Best model, of round {best.Round}: {best.Path}");
        }

        if (result.ExitCode == ExitCode.Interrupted)
        {
            Console.WriteLine($"Go on with: {ProgramName.Current} run ... --folder {result.Folder} --resume");
        }
    }

    private static int List(TextWriter output, ListFormat format)
    {
        output.Write(format switch
        {
            ListFormat.Schema => JobSchema.Write(),
            ListFormat.Markdown => JobGuide.Write(),
            _ => string.Concat(JobSettings.All.Select(s => $"{s.Key,-16} {s.Default,-12} {s.Explained} ({s.Range})\n")),
        });
        return ExitCode.Success;
    }
}
