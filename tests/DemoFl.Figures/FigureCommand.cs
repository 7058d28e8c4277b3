using System.CommandLine;
using System.Runtime.InteropServices;
using DemoFl.Figures.Accuracy;
using DemoFl.Figures.Dropouts;
using DemoFl.Figures.KeySetup;
using DemoFl.Figures.Messages;
using DemoFl.Figures.RoundTime;

namespace DemoFl.Figures;

/// <summary><c>scripts/figures</c>.</summary>
internal static class FigureCommand
{
    private const int Interrupted = 130;
    private const int Failed = 1;

    private static readonly Option<string[]> Only = new("--only") { Description = "Only these experiments; see --list.", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<bool> List = new("--list") { Description = "List the experiments and what is missing of each, and stop." };
    private static readonly Option<bool> Redraw = new("--redraw") { Description = "Measure nothing; draw what has been measured." };
    private static readonly Option<DirectoryInfo> Folder = new("--figures") { Description = "Folder of figures and data.", Required = true };
    private static readonly Option<DirectoryInfo> Runs = new("--runs") { Description = "Folder of runs, finished and unfinished.", Required = true };
    private static readonly Option<FileInfo> Demofl = new("--program") { Description = "demofl.dll, Release build.", Required = true };
    private static readonly Option<DirectoryInfo?> DataSets = new("--data") { Description = "Folder with mnist and cifar10." };

    /// <summary>The experiments, quickest first.</summary>
    public static IReadOnlyList<IExperiment> Experiments =>
    [
        new MessageExperiment(), new CrashExperiment(), new KeySetupExperiment(KeySetupSweep.Leaders), new KeySetupExperiment(KeySetupSweep.Nodes), new RoundTimeExperiment(),
        new OneRoundExperiment(), new DropoutExperiment(), .. AccuracyStudy.All.Select(s => new AccuracyExperiment(s)),
    ];

    public static RootCommand Create()
    {
        var command = new RootCommand("Runs the papers' experiments again, as far as they are not measured yet, and draws them.")
        {
            Only, List, Redraw, Folder, Runs, Demofl, DataSets,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        var workshop = new Workshop(
            parsed.GetValue(Folder)!.FullName, parsed.GetValue(Runs)!.FullName, parsed.GetValue(Demofl)!.FullName, parsed.GetValue(DataSets)?.FullName, Console.Out);
        string[] names = parsed.GetValue(Only) is { Length: > 0 } only ? only : [.. Experiments.Select(e => e.Name)];
        if (names.FirstOrDefault(n => Experiments.All(e => e.Name != n)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no experiment '{unknown}'. There are: {string.Join(", ", Experiments.Select(e => e.Name))}.");
            return 2;
        }

        foreach (var experiment in Experiments)
        {
            experiment.Gather(workshop);
        }

        var chosen = Experiments.Where(e => names.Contains(e.Name)).ToArray();
        if (parsed.GetValue(List))
        {
            TellMissing(workshop, chosen, withSummary: true);
            return 0;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, On);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, On);
        int exitCode = parsed.GetValue(Redraw) ? 0 : await MeasureAsync(workshop, chosen, stop.Token);
        DrawAll(workshop);
        TellMissing(workshop, chosen, withSummary: false);
        return exitCode;

        void On(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> MeasureAsync(Workshop workshop, IReadOnlyList<IExperiment> experiments, CancellationToken cancellation)
    {
        int exitCode = 0;
        foreach (var experiment in experiments.Where(e => e.Missing(workshop).Count > 0))
        {
            try
            {
                await experiment.RunAsync(workshop, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                workshop.Tell("Interrupted. The same command goes on from here.");
                return Interrupted;
            }
            catch (FigureException e)
            {
                // The others may well work.
                workshop.Tell($"{experiment.Name}: {e.Message}");
                exitCode = Failed;
            }
        }

        return exitCode;
    }

    private static void DrawAll(Workshop workshop)
    {
        foreach (var (name, svg) in Experiments.SelectMany(e => e.Draw(workshop)))
        {
            workshop.SaveFigure(name, svg);
        }

        FigurePage.Refresh(workshop, Experiments);
    }

    private static void TellMissing(Workshop workshop, IReadOnlyList<IExperiment> experiments, bool withSummary)
    {
        foreach (var experiment in experiments)
        {
            var missing = experiment.Missing(workshop);
            string state = missing.Count == 0 ? "complete" : $"missing: {string.Join("; ", missing)}";
            workshop.Output.WriteLine(withSummary ? $"{experiment.Name,-24} {experiment.Summary}\n{"",-24} {state}" : $"{experiment.Name,-24} {state}");
        }
    }
}
