using System.Net;
using System.Text.Json.Nodes;
using DemoFl.Cli.Commands;
using DemoFl.Cli.Jobs;
using DemoFl.Cli.Output;
using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Cli.Runs;

/// <summary>Everything about a run that can be checked without starting a process: all problems at once, and the plan when job and data allow one.</summary>
internal sealed class RunCheck
{
    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];

    private bool _onlyRefused = true;

    private RunCheck()
    {
    }

    /// <summary>What the run consists of; null when its data, model or partition are a problem.</summary>
    public RunPlan? Plan { get; private set; }

    /// <summary>What would keep the run from starting or from its first round.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>What may become a problem.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Everything, and what the run would be.</summary>
    public static RunCheck Of(JobValues job, RunOptions options, string? report)
    {
        var check = new RunCheck();
        check.Plan = check.PlanOf(job, options);
        check.CheckWithoutData(job, options, report);
        check._warnings.AddRange(CareText.Warnings(job));
        check.CheckRoom();
        return check;
    }

    /// <summary>What can be checked in no time, before a run makes anything.</summary>
    /// <exception cref="CliException">All that stands in its way.</exception>
    public static void Require(JobValues job, RunOptions options, string? report)
    {
        var check = new RunCheck();
        check.CheckWithoutData(job, options, report);
        check.RequireNoProblems();
    }

    /// <summary>Refused where only the nodes' floors stand in the way, else wrong input.</summary>
    /// <exception cref="CliException">All that stands in the run's way.</exception>
    public void RequireNoProblems()
    {
        if (_problems.Count > 0)
        {
            throw new CliException(string.Join(Environment.NewLine, _problems), _onlyRefused ? ExitCode.Refused : ExitCode.Usage);
        }
    }

    public JsonObject ToJson()
    {
        var facts = Plan?.ToJson() ?? [];
        facts["warnings"] = Facts.ArrayOf(_warnings);
        facts["problems"] = Facts.ArrayOf(_problems);
        return facts;
    }

    public void Write(TextWriter output)
    {
        Plan?.Write(output);
        foreach (string warning in _warnings)
        {
            output.WriteLine($"warning   {warning}");
        }

        if (_problems.Count == 0)
        {
            output.WriteLine("Nothing stands in the way of this run.");
        }
    }

    private void CheckWithoutData(JobValues job, RunOptions options, string? report)
    {
        CheckPolicy(job, options);
        if (job.Model == TrainingPlan.ExternalModel)
        {
            AddWrong("model is external, and the nodes of 'demofl run' have no trainer for it. Use 'demofl server', and 'demofl node --trainer'.");
        }

        foreach (string problem in RunPlace.Problems(options.Folder, options.Resume, job))
        {
            AddWrong(problem);
        }

        if (report is not null && RunPlace.Unwritable(Path.GetDirectoryName(report)!) is { } unwritable)
        {
            AddWrong($"--report {report} cannot be used: {unwritable}");
        }

        if (options.HttpPort is { } port && PortCheck.Problem("--http-port", IPAddress.Loopback, port) is { } taken)
        {
            AddWrong(taken);
        }
    }

    private void AddWrong(string problem)
    {
        _problems.Add(problem);
        _onlyRefused = false;
    }

    private RunPlan? PlanOf(JobValues job, RunOptions options)
    {
        if (job.Model == TrainingPlan.ExternalModel)
        {
            return null;
        }

        try
        {
            var (data, model) = JobModel.Load(job);
            StartModel.Of(job)?.ArrangedFor(model);

            // A single party keeps everything, whatever the scheme.
            int[] examples = job.Parties == 1
                ? [data.Train.Count]
                : [.. Partitioner.Split(data.Train, job.Partition, job.Parties, job.Seed).Select(part => part.Length)];
            return new RunPlan(job, data, model, examples, options.Folder) { OlderCheckpoints = options.OlderCheckpoints };
        }
        catch (Exception e) when (e is CliException || Refusals.IsExpected(e))
        {
            AddWrong(Refusals.Line(e));
            return null;
        }
    }

    /// <summary>The floors that the run's own nodes will hold the server to.</summary>
    private void CheckPolicy(JobValues job, RunOptions options)
    {
        if (job.Layout == Layout.Plain)
        {
            if (!options.AllowPlain)
            {
                _problems.Add("layout is plain, which shows updates to the server; the nodes take part only with --allow-plain.");
            }

            return;
        }

        if (job.Leaders < options.MinLeaders)
        {
            _problems.Add($"leaders is {job.Leaders}, below the nodes' floor of {options.MinLeaders}. Raise leaders, or lower --min-leaders.");
        }

        if (job.KMin < options.MinKMin)
        {
            _problems.Add($"k-min is {job.KMin}, below the nodes' floor of {options.MinKMin}. Raise k-min, or lower --min-k.");
        }
    }

    private void CheckRoom()
    {
        if (Plan is null)
        {
            return;
        }

        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (Plan.Memory > memory)
        {
            _warnings.Add($"The run may need {Bytes.Show(Plan.Memory)} of memory and the machine has {Bytes.Show(memory)}. Use fewer processes.");
        }

        long free = RunPlace.FreeBytes(Plan.Folder);
        if (Plan.FolderBytes > free)
        {
            _warnings.Add($"The run may need {Bytes.Show(Plan.FolderBytes)} in {Plan.Folder}, where {Bytes.Show(free)} are free. Name another --folder.");
        }
    }
}
