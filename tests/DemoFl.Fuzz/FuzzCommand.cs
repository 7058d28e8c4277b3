using System.CommandLine;
using System.Diagnostics;

namespace DemoFl.Fuzz;

/// <summary>The command line: some or all targets for some time, or one input again.</summary>
internal static class FuzzCommand
{
    private static readonly Option<double> Minutes = new("--minutes") { Description = "Stop after so many minutes", DefaultValueFactory = _ => 1 };
    private static readonly Option<int?> Executions = new("--executions") { Description = "Instead of a time: so many inputs for each target" };
    private static readonly Option<string[]> Names = new("--target") { Description = "Only this one; may be given several times", DefaultValueFactory = _ => [] };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "From which all inputs follow", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> List = new("--list") { Description = "List the targets" };
    private static readonly Option<FileInfo?> Json = new("--json") { Description = "Write the figures to this file" };
    private static readonly Option<FileInfo?> Replay = new("--replay") { Description = "With --target: this one input" };
    private static readonly Option<DirectoryInfo> Finds = new("--finds")
    {
        Description = "Where inputs go that find something", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "fuzz")),
    };

    private static readonly Option<DirectoryInfo?> Keep = new("--keep") { Description = "Add the smallest inputs that lead new ways to this corpus" };
    private static readonly Option<int> KeepMost = new("--keep-most") { Description = "With --keep: so many for each target", DefaultValueFactory = _ => 5 };

    public static RootCommand Create()
    {
        var command = new RootCommand("Feeds every reader of the product with damaged and hostile inputs; each must take or refuse them as it documents.")
        {
            Minutes, Executions, Names, Seed, List, Json, Replay, Finds, Keep, KeepMost,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(List))
            {
                Array.ForEach(TargetList.Names, Console.WriteLine);
                return 0;
            }

            string[] unknown = [.. parsed.GetValue(Names)!.Except(TargetList.Names)];
            if (unknown.Length > 0)
            {
                Console.Error.WriteLine($"There is no target {string.Join(", ", unknown)}; --list shows all.");
                return 2;
            }

            var targets = TargetList.Create(parsed.GetValue(Names)!);
            try
            {
                return parsed.GetValue(Replay) is { } input ? Again(targets, input) : Run(parsed, targets);
            }
            finally
            {
                foreach (var target in targets)
                {
                    target.Dispose();
                }
            }
        });
        return command;
    }

    private static int Again(IReadOnlyList<Target> targets, FileInfo input)
    {
        if (targets is not [var target])
        {
            Console.Error.WriteLine("--replay wants the one --target that the input is for.");
            return 2;
        }

        // As in a campaign: what the first executions cost is the runtime's start.
        var probe = new Probe(target);
        foreach (byte[] seed in target.Seeds())
        {
            probe.Execute(seed);
        }

        var outcome = probe.Execute(File.ReadAllBytes(input.FullName));
        Console.WriteLine(outcome.Failure?.Message ?? outcome.Signature);
        return outcome.Failure is null ? 0 : 1;
    }

    private static int Run(ParseResult parsed, IReadOnlyList<Target> targets)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        string folder = parsed.GetValue(Finds)!.FullName;
        Directory.CreateDirectory(folder);
        string lastPath = Path.Combine(folder, "last-input");
        if (LastInput.Left(lastPath) is { } left)
        {
            Console.Error.WriteLine($"The run before this one died on an input of {left.Target}: {new KeptCorpus(folder).Add(left.Target, left.Input)}");
        }

        long started = Stopwatch.GetTimestamp();
        ulong seed = parsed.GetValue(Seed);
        Campaign campaign;
        using (var last = LastInput.In(lastPath))
        using (new Watchdog(last, () => Environment.FailFast($"An input has taken more than {Bounds.Hang.TotalSeconds:0} s; it is in {lastPath}.")))
        {
            campaign = new Campaign(targets, seed, KeptCorpus.Built, last);
            if (parsed.GetValue(Executions) is { } executions)
            {
                campaign.Run(executions, stop.Token);
            }
            else
            {
                campaign.Run(TimeSpan.FromMinutes(Math.Clamp(parsed.GetValue(Minutes), 0, 100_000)), stop.Token);
            }
        }

        File.Delete(lastPath);
        FuzzReport.Print(campaign, Console.Out);
        Write(parsed, campaign, seed, Stopwatch.GetElapsedTime(started));
        foreach (var find in campaign.Finds)
        {
            FuzzReport.Print(find, new KeptCorpus(folder).Add(find.Target, find.Input), Console.Out);
        }

        return campaign.Finds.Any() ? 1 : 0;
    }

    private static void Write(ParseResult parsed, Campaign campaign, ulong seed, TimeSpan took)
    {
        if (parsed.GetValue(Json) is { } json)
        {
            File.WriteAllText(json.FullName, FuzzReport.ToJson(campaign, seed, took));
        }

        if (parsed.GetValue(Keep) is { } keep)
        {
            int kept = campaign.Runs.Sum(run => new KeptCorpus(keep.FullName).AddGrown(run, parsed.GetValue(KeepMost)));
            Console.WriteLine($"{kept} inputs added to {keep.FullName}");
        }
    }
}
