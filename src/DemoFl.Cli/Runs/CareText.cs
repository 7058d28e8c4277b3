using System.Globalization;
using DemoFl.Cli.Jobs;
using DemoFl.Protocol;

namespace DemoFl.Cli.Runs;

/// <summary>How a job's leaders come about, are watched and replaced, for people; of no use to a plain run, which has none.</summary>
internal static class CareText
{
    /// <summary>How leaders come about, intersect and take turns.</summary>
    public static string Service(JobValues job) => string.Join(", ",
        job.Election == ElectionMode.Appointed ? "appointed" : "elected, first come",
        job.LeadersIntersect ? "intersecting among themselves" : "intersecting through the coordinator",
        job.Tenure == 0 ? "for good" : $"one slot handed on every {job.Tenure.ToString("N0", CultureInfo.InvariantCulture)} rounds");

    /// <summary>What becomes of a round that loses one.</summary>
    public static string Loss(JobValues job) =>
        $"{(job.OnLeaderLost == LossPolicy.Reseal ? "another node takes its slot and the round goes on" : "the round is given up")}; one that hangs is noticed after {Seconds(Patience(job))}";

    /// <summary>Settings that are allowed, and leave a lost leader's round no way to go on.</summary>
    public static IEnumerable<string> Warnings(JobValues job)
    {
        if (job.Layout == Layout.Plain || job.OnLeaderLost == LossPolicy.Abort)
        {
            yield break;
        }

        int processes = Math.Min(job.Parties, job.Processes);
        if (job.Leaders == 1)
        {
            yield return "A single leader leaves nobody who could agree to another in its place: a round that loses it is given up. Raise leaders.";
        }
        else if (job.Leaders == processes)
        {
            yield return $"All {processes} processes lead, and a node holds one slot: a round that loses a leader is given up. Raise processes.";
        }

        if (Patience(job) >= job.CloseDeadline)
        {
            yield return $"A leader that hangs is noticed after {Seconds(Patience(job))}, and a round has {Seconds(job.CloseDeadline)} to close: it is given up. "
                + "Lower heartbeat or missed-beats, or raise close-deadline.";
        }
    }

    private static TimeSpan Patience(JobValues job) => job.Heartbeat * job.MissedBeats;

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
