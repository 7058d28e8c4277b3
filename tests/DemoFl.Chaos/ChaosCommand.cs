using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using DemoFl.Chaos.Reports;
using DemoFl.Chaos.Scenarios;

namespace DemoFl.Chaos;

/// <summary><c>scripts/chaos</c>.</summary>
internal static class ChaosCommand
{
    private const int Failed = 1;
    private const int Usage = 2;
    private const int Interrupted = 130;

    private static readonly Argument<string[]> Names = new("scenario") { Description = "Scenarios by name, or all.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<bool> List = new("--list") { Description = "Say what scenarios there are, what they do and what should happen, and stop." };
    private static readonly Option<FileInfo?> Json = new("--json") { Description = "Write the results to this file, too." };
    private static readonly Option<FileInfo> Program = new("--program") { Description = "demofl.dll, Release build.", Required = true };
    private static readonly Option<bool> Keep = new("--keep") { Description = "Keep the folder of a federation that failed." };
    private static readonly Option<int> Patience = new("--patience")
    {
        Description = "Seconds that any one thing is waited for, for a machine that is busy with others.", DefaultValueFactory = _ => 90,
    };

    public static RootCommand Create()
    {
        var command = new RootCommand("Does harm to federations of real processes, and checks by facts that they come through it.")
        {
            Names, List, Json, Program, Keep, Patience,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        string[] names = parsed.GetValue(Names)!;
        if (names.FirstOrDefault(n => n != "all" && Registry.All.All(s => s.Name != n)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no scenario '{unknown}'. There are: {string.Join(", ", Registry.All.Select(s => s.Name))}, all.");
            return Usage;
        }

        var chosen = Registry.All.Where(s => names.Contains("all") || names.Contains(s.Name)).ToArray();
        if (parsed.GetValue(List) || chosen.Length == 0)
        {
            Tell(names.Length == 0 ? Registry.All : chosen);
            return 0;
        }

        var patience = TimeSpan.FromSeconds(parsed.GetValue(Patience));
        var workshop = new Workshop(parsed.GetValue(Program)!.FullName, Console.Out, patience) { KeepsFailures = parsed.GetValue(Keep) };
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, On);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, On);
        var rows = await RunAsync(workshop, chosen, stop.Token);
        Console.Out.WriteLine();
        Console.Out.Write(ResultTable.Of(rows));
        Console.Out.WriteLine(ResultTable.Summary(rows));
        if (parsed.GetValue(Json) is { } file)
        {
            ResultFile.Write(file.FullName, rows);
        }

        return stop.IsCancellationRequested ? Interrupted : rows.Any(r => r is { Ok: false, Skipped: null }) ? Failed : 0;

        void On(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<List<ResultRow>> RunAsync(Workshop workshop, IReadOnlyList<IScenario> scenarios, CancellationToken cancellation)
    {
        var rows = new List<ResultRow>();
        foreach (var scenario in scenarios.TakeWhile(_ => !cancellation.IsCancellationRequested))
        {
            long began = Stopwatch.GetTimestamp();
            workshop.Tell($"{scenario.Name}");
            workshop.Tell($"  does:     {scenario.Did}");
            workshop.Tell($"  expected: {scenario.Expected}");
            var added = await RunAsync(workshop, scenario, cancellation);
            foreach (var row in added)
            {
                string outcome = row.Skipped is not null ? "skipped" : row.Ok ? "as expected" : "NOT AS EXPECTED";
                workshop.Tell($"  {outcome}: {row.Fault} {row.Role} at {row.Phase}: {row.Happened}");
            }

            rows.AddRange(added);
            workshop.Tell(string.Create(CultureInfo.InvariantCulture, $"  took {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"));
        }

        return rows;
    }

    private static async Task<IReadOnlyList<ResultRow>> RunAsync(Workshop workshop, IScenario scenario, CancellationToken cancellation)
    {
        try
        {
            return [.. (await scenario.RunAsync(workshop, cancellation)).Select(r => ResultRow.Of(scenario, r))];
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return [ResultRow.Failed(scenario, "interrupted")];
        }
        catch (ChaosException e)
        {
            return [ResultRow.Failed(scenario, e.Message)];
        }
        catch (Exception e)
        {
            // A mistake of a scenario's own is no reason to leave the others out.
            return [ResultRow.Failed(scenario, e.ToString())];
        }
    }

    private static void Tell(IEnumerable<IScenario> scenarios)
    {
        foreach (var scenario in scenarios)
        {
            Console.Out.WriteLine($"{scenario.Name}\n  does:     {scenario.Did}\n  expected: {scenario.Expected}");
        }
    }
}
