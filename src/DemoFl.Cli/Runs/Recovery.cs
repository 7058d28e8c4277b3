using System.Globalization;
using System.Text.Json.Nodes;
using DemoFl.Cli.Jobs;
using DemoFl.Cli.Output;
using DemoFl.Protocol;

namespace DemoFl.Cli.Runs;

/// <summary>What became of the round whose leader was killed.</summary>
/// <param name="Kill">What was done.</param>
/// <param name="Run">The run that it was done to.</param>
internal sealed record Recovery(LeaderKill Kill, RunResult Run)
{
    private ReorganisationRow? Row => Run.Reorganisations.FirstOrDefault(r => r.Round == Kill.Round && r.Seconds is not null);

    private bool Committed => Run.Rounds.Any(r => r.Round == Kill.Round);

    /// <summary>Whether a job leaves somebody to take a leader's place, and parties enough without its process.</summary>
    public static bool IsPossible(JobValues job)
    {
        int processes = Math.Min(job.Parties, job.Processes);
        int left = job.Parties - ((job.Parties + processes - 1) / processes);
        return job is { Layout: not Layout.Plain, OnLeaderLost: LossPolicy.Reseal, Leaders: > 1, Rounds: < JobSettings.MaxRounds } && processes > job.Leaders
            && (int)Math.Ceiling(left * job.Fraction) >= job.KMin;
    }

    public override string ToString() => Kill.Round is not { } round ? "no leader was killed: the run was over before"
        : Row is { Seconds: { } seconds } row ? string.Create(
            CultureInfo.InvariantCulture,
            $"{Kill.Node} was killed in the middle of round {round}; another took its slot and the round went on {seconds:0.00} s later: {ReorganisationText.Resealed(row.Resealed ?? 0)}, {Trainings}")
        : Committed ? $"{Kill.Node} was killed in the middle of round {round}, which had all that it needed of it: {Trainings}"
        : $"{Kill.Node} was killed in the middle of round {round}, which was given up; the next one was trained anew";

    public JsonObject ToJson() => new()
    {
        ["round"] = Kill.Round, ["node"] = Kill.Node, ["committed"] = Committed, ["seconds"] = Row?.Seconds, ["resealed"] = Row?.Resealed, ["trained"] = Kill.Trained,
        ["trainedAgain"] = Kill.TrainedAgain,
    };

    private string Trainings => Kill.TrainedAgain == 0 ? $"all {Kill.Trained} trained once, nobody again" : $"{Kill.TrainedAgain} of {Kill.Trained} trained again";
}
