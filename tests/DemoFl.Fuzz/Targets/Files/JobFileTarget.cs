using System.Text;
using DemoFl.Cli;
using DemoFl.Cli.Jobs;

namespace DemoFl.Fuzz;

/// <summary>A job file: what is taken reads the same from its own values, as the processes of a run are given them.</summary>
internal sealed class JobFileTarget() : FileTarget("job-file", InputForm.Text)
{
    public override IReadOnlyList<string> Words { get; } =
        [.. JobSettings.All.Select(s => s.Key), .. JobSettings.All.Select(s => s.Default), "sofl", "plain", "10s", "5m", "1h", "abort"];

    public override IEnumerable<byte[]> Seeds()
    {
        yield return Encoding.UTF8.GetBytes(string.Concat(JobSettings.All.Select(s => $"{s.Key}: '{s.Default}'\n")));
        yield return "model: mlp:16\nparties: 12\nrounds: 3\n# a comment\nlayout: rotating\nupload-deadline: 20s\n"u8.ToArray();
        yield return "{model: softmax, mode: sofl, leaders: 5, parties: 20}"u8.ToArray();
        yield return ""u8.ToArray();
    }

    public override string Read(byte[] input)
    {
        var job = JobReader.Read(Write("job.yaml", input), []);
        var again = JobReader.Read(null, [.. job.Texts.Select(t => $"{t.Key}={t.Value}")]);
        BrokenPromiseException.Unless(
            job.Identity == again.Identity && job.Texts.SequenceEqual(again.Texts), "a job that was taken is another one when its values are read again");
        return $"{job.Layout} {job.Election} {job.Standardize} {job.Sofl} {Shape.Order((ulong)job.Parties)} {Shape.Order((ulong)job.Rounds)} {job.Leaders}";
    }

    public override bool IsRefusal(Exception e) => e is CliException;
}
