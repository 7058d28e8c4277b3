using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DemoFl.Cli.Jobs;
using DemoFl.Cli.Output;
using DemoFl.Cli.Runs;
using DemoFl.Learning;
using Microsoft.Extensions.Logging;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl demo</c>: the same job twice over real processes, secure and plain, side by side.</summary>
internal static class DemoCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly Option<DirectoryInfo?> Folder = new("--folder") { Description = "Where the two runs go; runs/demo-TIME by default." };
    private static readonly Option<FileInfo?> Json = new("--json") { Description = "Write rounds[] and final to this file." };
    private static readonly Option<string[]> Set = SharedOptions.Set();
    private static readonly Option<LogLevel> Level = SharedOptions.Log();

    public static Command Create()
    {
        var command = new Command("demo", """
            Watch ten node processes elect leaders, agree keys, train, share and sum, without a data set, a network or a key of yours;
            then the same training without any privacy, to compare.

            Examples:
              demofl demo
              demofl demo --json demo.json --set rounds=20
            """) { Folder, Json, Set, Level };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        string folder = parsed.GetValue(Folder)?.FullName
            ?? Path.GetFullPath(Path.Combine("runs", string.Create(CultureInfo.InvariantCulture, $"demo-{DateTime.Now:yyyyMMdd-HHmmss}")));
        string[] overrides = [.. parsed.GetValue(Set)!];
        using var stop = new StopSignal(watchInput: false);
        var clock = Stopwatch.StartNew();

        var job = JobReader.Read(null, overrides);
        var kill = Recovery.IsPossible(job) ? new LeaderKill(afterRounds: job.Rounds + (job.Standardize ? 2 : 0)) : null;
        parsed.GetValue(Json)?.Directory?.Create();
        Console.WriteLine($"{job.Processes} node processes and a server on this machine; {job.Model} on {job.Data} data; {job.Rounds} rounds; {job.Leaders} leaders.");
        Console.WriteLine("Secure: each update is masked before it leaves its node. The server adds masked vectors; the leaders add masks; nobody can do both.");
        if (kill is not null)
        {
            Console.WriteLine($"In one round more than {job.Rounds}, a leader's process is killed while the others train.");
        }

        var secureJob = kill is null ? job : JobReader.Read(null, [.. overrides, $"rounds={job.Rounds + 1}"]);
        var secureOptions = Options(parsed, Path.Combine(folder, "secure"), false) with { Kill = kill };
        var secure = await RunCommand.ExecuteAsync(secureJob, secureOptions, json: false, null, stop.Token);
        if (secure.ExitCode != ExitCode.Success)
        {
            Console.WriteLine(secure.Reason);
            return secure.ExitCode;
        }

        // Without leaders, nothing may be asked of them.
        var plainJob = JobReader.Read(null, [.. overrides, "layout=plain", "mode=demofl", "intersect=coordinator"]);
        Console.WriteLine("Plain: the same training with updates in the open, as the reference.");
        var plain = await RunCommand.ExecuteAsync(plainJob, Options(parsed, Path.Combine(folder, "plain"), true), json: false, null, stop.Token);
        if (plain.ExitCode != ExitCode.Success)
        {
            Console.WriteLine(plain.Reason);
            return plain.ExitCode;
        }

        var recovery = kill is null ? null : new Recovery(kill, secure);
        secure = UpTo(plain.Rounds.Count, secure);
        double difference = LargestDifference(secure.Checkpoint!, plain.Checkpoint!);
        Summarise(secure, plain, difference, recovery, folder, clock.Elapsed);
        if (parsed.GetValue(Json) is { } file)
        {
            await File.WriteAllTextAsync(file.FullName, ToJson(secure, plain, difference, recovery).ToJsonString(Indented) + "\n");
        }

        return ExitCode.Success;
    }

    private static RunOptions Options(ParseResult parsed, string folder, bool plain) =>
        new(folder, Resume: false, AllowPlain: plain, MinLeaders: 2, MinKMin: 3, HttpPort: null, parsed.GetValue(Level));

    /// <summary>As it was after so many rounds: the one that lost a leader lost a party with it, so that nothing without that can be compared.</summary>
    private static RunResult UpTo(int rounds, RunResult run) => run.Rounds.Count <= rounds ? run : run with
    {
        Rounds = [.. run.Rounds.Take(rounds)],
        Checkpoint = Path.Combine(Path.GetDirectoryName(run.Checkpoint)!, string.Create(CultureInfo.InvariantCulture, $"round-{run.Rounds[rounds - 1].Round:D6}.safetensors")),
    };

    private static double LargestDifference(string one, string other)
    {
        var (a, b) = (Safetensors.Read(one).Values, Safetensors.Read(other).Values);
        double largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs((double)a[i] - b[i]));
        }

        return largest;
    }

    private static JsonObject ToJson(RunResult secure, RunResult plain, double difference, Recovery? recovery) => new()
    {
        ["rounds"] = JsonSerializer.SerializeToNode(secure.Rounds),
        ["final"] = new JsonObject
        {
            ["accuracy"] = secure.Last!.Accuracy, ["plainAccuracy"] = plain.Last!.Accuracy, ["maxAbsParameterDifference"] = difference,
            ["uploadRatio"] = secure.BytesPerParty / plain.BytesPerParty, ["electionSeconds"] = secure.ElectionSeconds, ["keySeconds"] = secure.KeySeconds,
        },
        ["recovery"] = recovery?.ToJson(),
    };

    private static void Summarise(RunResult secure, RunResult plain, double difference, Recovery? recovery, string folder, TimeSpan took)
    {
        string lost = recovery is null ? "" : $"  {recovery}\n\n";
        double ratio = secure.BytesPerParty / plain.BytesPerParty;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

                                  secure      plain
              rounds           {secure.Rounds.Count,9}  {plain.Rounds.Count,9}
              accuracy         {secure.Last!.Accuracy,9:0.00 %}  {plain.Last!.Accuracy,9:0.00 %}
              sent by a party  {Bytes.Show(secure.BytesPerParty),9}  {Bytes.Show(plain.BytesPerParty),9}   ratio {ratio:0.0000}
              seconds a round  {Median(secure),9:0.000}  {Median(plain),9:0.000}   median

              largest difference of a parameter {difference:0.0e+0}; leaders elected in {secure.ElectionSeconds:0.00} s, keys agreed in {secure.KeySeconds:0.00} s; {took.TotalSeconds:0} s in all

            {lost}  model   {secure.Checkpoint}
              report  {Path.Combine(folder, "secure", "report.json")}

            Try next:
              {ProgramName.Current} model info {Path.GetRelativePath(Environment.CurrentDirectory, secure.Checkpoint!)}
              {ProgramName.Current} run --set layout=rotating --set leaders=5
              {ProgramName.Current} data get mnist --out data/mnist
              {ProgramName.Current} run --set data=mnist:data/mnist --set model=cnn --set partition=shards:2 --set parties=100 --set fraction=0.1 --set rounds=20
            """));
    }

    private static double Median(RunResult run) => run.Rounds.Select(r => r.Seconds).Order().ElementAt(run.Rounds.Count / 2);
}
