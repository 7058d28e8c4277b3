using System.Text;
using DemoFl.Cli;
using DemoFl.Cli.Runs;
using DemoFl.Node.Owner;

namespace DemoFl.Fuzz;

/// <summary>Small files that the product keeps for itself beside what matters.</summary>
internal static class RunFileTargets
{
    /// <summary>The report that a resumed run goes on with.</summary>
    public static Target LastReport() => new SmallFileTarget(
        "last-report", "report.json",
        ["""{"rounds":[{"round":1,"parties":5,"intersection":5,"leaders":3,"seconds":0.5,"loss":null,"accuracy":0.5,"bytesUp":1,"bytesDown":2}],"reorganisations":[]}""", "{}"],
        folder =>
        {
            var report = Cli.Runs.LastReport.Read(folder);
            return $"{Shape.Order((ulong)report.Rounds.Count)} {Shape.Order((ulong)report.Reorganisations.Count)}";
        }, e => e is CliException);

    /// <summary>The job that a run was begun with, which is never worth a refusal.</summary>
    public static Target BegunWith() => new SmallFileTarget(
        "begun-with", "begun-with.yaml", ["# What this run was begun with.\nmodel: 'softmax'\nparties: '5'\n", "a: [b]\n? [c]\n: d\n"],
        folder => $"{Shape.Order((ulong)JobRecord.Read(folder).Count)} values", e => false);

    /// <summary>How many rounds a node has taken part in.</summary>
    public static Target RoundCount()
    {
        const string Name = "node";
        return new SmallFileTarget(
            "round-count", Path.Combine(OwnerFolder.Root, Name, "rounds.json"), ["""{"Total":7,"Day":"2026-01-01","Today":2}"""],
            folder =>
            {
                using var held = OwnerFolder.Take(folder, Name);
                var (total, today) = new RoundBudget(held).Used;
                BrokenPromiseException.Unless(total >= 0 && today >= 0 && today <= total, "a count is none");
                return $"{Shape.Order((ulong)total)} {Shape.Order((ulong)today)}";
            }, e => e is RecordException);
    }

    private sealed class SmallFileTarget(string name, string file, string[] seeds, Func<string, string> read, Func<Exception, bool> isRefusal)
        : FileTarget(name, InputForm.Text)
    {
        public override IReadOnlyList<string> Words { get; } =
            ["rounds", "reorganisations", "round", "Total", "Day", "Today", "model", "[]", "{}", "null", "\"\"", "[1]", "-1"];

        public override IEnumerable<byte[]> Seeds() => seeds.Select(Encoding.UTF8.GetBytes);

        public override string Read(byte[] input)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
            Write(file, input);
            return read(Folder);
        }

        public override bool IsRefusal(Exception e) => isRefusal(e);
    }
}
