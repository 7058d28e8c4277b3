using System.Net;
using System.Net.Sockets;
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

    private RunCheck()
    {
    }

    /// <summary>What the run consists of; null when its data, model or partition are a problem.</summary>
    public RunPlan? Plan { get; private set; }

    /// <summary>What would keep the run from starting or from its first round.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>What may become a problem.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    public static RunCheck Of(JobValues job, RunOptions options, string? report)
    {
        var check = new RunCheck();
        check.Plan = check.PlanOf(job, options.Folder);
        check.CheckPolicy(job, options);
        check._problems.AddRange(RunPlace.Problems(options.Folder, options.Resume, job));
        if (report is not null && RunPlace.Unwritable(Path.GetDirectoryName(report)!) is { } unwritable)
        {
            check._problems.Add($"--report {report}: {unwritable}");
        }

        if (options.HttpPort is { } port)
        {
            check.CheckPort(port);
        }

        check.CheckRoom();
        return check;
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

    private RunPlan? PlanOf(JobValues job, string folder)
    {
        try
        {
            var data = Datasets.Load(job.Data);
            var model = Models.Parse(job.Model, data.Train.Input, data.Train.Classes);

            // A single party keeps everything, whatever the scheme.
            int[] examples = job.Parties == 1
                ? [data.Train.Count]
                : [.. Partitioner.Split(data.Train, job.Partition, job.Parties, job.Seed).Select(part => part.Length)];
            return new RunPlan(job, data, model, examples, folder);
        }
        catch (Exception e) when (Refusals.IsExpected(e))
        {
            _problems.Add(TextTable.Printable(Refusals.Line(e)));
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

    private void CheckPort(int port)
    {
        if (port is < 0 or > IPEndPoint.MaxPort)
        {
            _problems.Add($"--http-port is {port}; it must be 0 to {IPEndPoint.MaxPort}.");
            return;
        }

        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException e)
        {
            _problems.Add($"--http-port {port} cannot be listened on: {e.Message}. Name another, or 0 for a free one.");
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
