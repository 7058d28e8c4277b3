using System.CommandLine;
using System.Globalization;

namespace DemoFl.Simulation;

/// <summary>The command line: many seeds, or one with its trace.</summary>
internal static class SimulateCommand
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);

    public static RootCommand Create()
    {
        var seeds = new Option<string>("--seeds") { Description = "The seeds to run, A..B, both included", DefaultValueFactory = _ => "0..9999" };
        var minutes = new Option<double>("--minutes")
        {
            Description = "Stop after so many minutes", DefaultValueFactory = _ => double.PositiveInfinity,
        };
        var seed = new Option<ulong?>("--seed") { Description = "Run this one seed and say how it went" };
        var trace = new Option<bool>("--trace") { Description = "With --seed: print everything that happens" };
        var threads = new Option<int>("--threads") { Description = "Federations at a time", DefaultValueFactory = _ => Environment.ProcessorCount };
        var goOn = new Option<bool>("--keep-going") { Description = "Do not stop at the first broken promise; list them all" };
        var shrink = new Option<double>("--shrink-seconds")
        {
            Description = "How long to look for a smaller run that breaks the same promise", DefaultValueFactory = _ => 30,
        };
        var json = new Option<FileInfo?>("--json") { Description = "Write the figures to this file" };
        var consensus = new Option<bool>("--consensus") { Description = "Institutions without a server that agree, instead of whole federations" };
        var command = new RootCommand("Runs whole federations in virtual time, with everything going wrong, and checks every promise after every step.")
        {
            seeds, minutes, seed, trace, threads, goOn, shrink, json, consensus,
        };
        seeds.Validators.Add(r =>
        {
            if (Range(r.GetValueOrDefault<string>()) is null)
            {
                r.AddError("--seeds wants two numbers with .. between them, the lower first: 0..9999");
            }
        });
        command.SetAction(parsed =>
        {
            var subject = parsed.GetValue(consensus) ? Subject.Consensus : Subject.Federation;
            if (parsed.GetValue(seed) is { } one)
            {
                return RunOne(subject, one, parsed.GetValue(trace));
            }

            var (first, last) = Range(parsed.GetValue(seeds)!)!.Value;
            double limit = parsed.GetValue(minutes);
            var longest = limit < TimeSpan.MaxValue.TotalMinutes / 2 ? TimeSpan.FromMinutes(limit) : TimeSpan.MaxValue;
            var campaign = new Campaign(subject, parsed.GetValue(goOn));
            return RunMany(subject, first, last, longest, Math.Max(1, parsed.GetValue(threads)), campaign,
                TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(shrink), 0, 3600)), parsed.GetValue(json));
        });
        return command;
    }

    private static (ulong First, ulong Last)? Range(string? text)
    {
        string[] ends = (text ?? "").Split("..");
        return ends.Length == 2 && ulong.TryParse(ends[0], CultureInfo.InvariantCulture, out ulong first)
            && ulong.TryParse(ends[1], CultureInfo.InvariantCulture, out ulong last) && first <= last && last < ulong.MaxValue
                ? (first, last)
                : null;
    }

    private static int RunOne(Subject subject, ulong seed, bool traced)
    {
        var run = subject.Run(seed, new Trace(hashed: true, traced ? Console.Out : null));
        Console.WriteLine(run);
        Console.WriteLine($"trace {run.Trace.Digest}");
        return run.Violation is null ? 0 : 1;
    }

    private static int RunMany(
        Subject subject, ulong first, ulong last, TimeSpan longest, int threads, Campaign campaign, TimeSpan shrinking, FileInfo? json)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        CampaignReport report;
        using (new Timer(_ => Console.Error.Write($"\r{campaign.Done:N0} seeds "), null, ProgressEvery, ProgressEvery))
        {
            report = campaign.Run(first, last, longest, threads, stop.Token);
        }

        Console.Error.WriteLine();
        CampaignText.Print(report, Console.Out);
        if (json is not null)
        {
            File.WriteAllText(json.FullName, CampaignText.ToJson(report));
        }

        if (report.Failure is not { } failure)
        {
            return 0;
        }

        Console.WriteLine($"\nseed {failure.Seed} breaks {failure.Violation!.Message}\nIts smallest run that breaks the same promise:\n");
        Console.WriteLine(subject.Shrink(failure, shrinking));
        Console.WriteLine($"\nThe whole of it: scripts/simulate{subject.Flag} --seed {failure.Seed} --trace");
        return 1;
    }
}
