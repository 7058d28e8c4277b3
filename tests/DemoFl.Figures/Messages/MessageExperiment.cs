using System.Globalization;
using DemoFl.Figures.Drawing;
using DemoFl.Protocol;

namespace DemoFl.Figures.Messages;

/// <summary>SOFL, figures 5 and 6: messages against rounds and against clients, beside the papers' n + n * N_l + 3 * N_l.</summary>
internal sealed class MessageExperiment : IExperiment
{
    private const int Leaders = 3;
    private const int NodesOverRounds = 20;
    private const ulong Seed = 1;
    private static readonly int[] Nodes = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
    private static readonly int[] Rounds = [1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50];

    private static readonly MessageKind[] Counted =
        [MessageKind.Model, MessageKind.Vector, MessageKind.Share, MessageKind.Holdings, MessageKind.Intersection, MessageKind.Sum];

    private static readonly MessageKind[] Beside =
    [
        MessageKind.Acknowledgement, MessageKind.Digest, MessageKind.Question, MessageKind.Commit, MessageKind.Affirmation, MessageKind.Heartbeat,
    ];

    private static readonly Layout[] Layouts = [Layout.Masked, Layout.Rotating];

    public string Name => "messages";

    public string Summary => "logical messages against rounds and clients, masked and rotating, beside the papers' formula (SOFL figs. 5, 6)";

    public IReadOnlyList<string> Missing(Workshop workshop) => workshop.Load<MessageCount[]>(Name) is null ? ["everything"] : [];

    public Task RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        var counts = new List<MessageCount>();
        foreach (var (layout, nodes, rounds) in Plan())
        {
            cancellation.ThrowIfCancellationRequested();
            counts.Add(MessageCount.Run(layout, nodes, Leaders, rounds, Seed));
        }

        workshop.Save(Name, counts.ToArray());
        workshop.Tell($"{Name}: {counts.Count} runs counted");
        return Task.CompletedTask;
    }

    public IEnumerable<(string Name, string Svg)> Draw(Workshop workshop)
    {
        if (workshop.Load<MessageCount[]>(Name) is not { } counts)
        {
            return [];
        }

        var byNodes = new LineChart(
            "Messages in a round, against clients",
            $"logical messages; {Leaders} leaders, every client is a party of the round; counted in runs of the real protocol",
            new Axis("clients, n", From: 0, To: Nodes[^1]), new Axis("messages a round", From: 0),
            Lines(counts, (layout, c) => c.Layout == layout && c.Rounds == 1, c => c.Nodes));
        var byRounds = new LineChart(
            "Messages of a run, against rounds",
            $"logical messages without set-up; {NodesOverRounds} clients, {Leaders} leaders; counted in runs of the real protocol",
            new Axis("rounds", From: 0, To: Rounds[^1]), new Axis("messages in all", From: 0),
            Lines(counts, (layout, c) => c.Layout == layout && c.Nodes == NodesOverRounds, c => c.Rounds));
        return [("messages-clients", byNodes.Draw()), ("messages-rounds", byRounds.Draw())];
    }

    public string Numbers(Workshop workshop)
    {
        if (workshop.Load<MessageCount[]>(Name) is not { } counts)
        {
            return "";
        }

        var table = new MarkdownTable(
            "layout", "n", "N_l", "model", "vector", "shares", "B_j", "B", "A_j", "**these**", "formula", "acks", "digests", "questions", "commits",
            "affirmations", "heartbeats", "set-up, once");
        foreach (var count in counts.Where(c => c.Rounds == 1 && c.Nodes is 10 or 20 or 50 or 100))
        {
            table.Add(
            [
                $"`{count.Layout.ToString().ToLowerInvariant()}`", Number(count.Nodes), Number(count.Leaders), .. Counted.Select(k => Number(count.Of(k))),
                $"**{Number(count.Core)}**", Number(count.Formula), .. Beside.Select(k => Number(count.Of(k))), Number(count.SetUp),
            ]);
        }

        return table.ToString();
    }

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static IEnumerable<(Layout Layout, int Nodes, int Rounds)> Plan() => Layouts.SelectMany(l =>
        Nodes.Select(n => (l, n, 1)).Concat(Rounds.Where(r => r > 1).Select(r => (l, NodesOverRounds, r))));

    private static Line[] Lines(MessageCount[] counts, Func<Layout, MessageCount, bool> belongs, Func<MessageCount, int> at)
    {
        Line Of(string name, int colour, Stroke stroke, Layout layout, Func<MessageCount, long> value) =>
            new(name, colour, stroke, [.. counts.Where(c => belongs(layout, c)).OrderBy(at).Select(c => new Point(at(c), value(c)))]);

        return
        [
            Of("masked", 0, Stroke.Solid, Layout.Masked, c => c.Core), Of("rotating", 1, Stroke.Points, Layout.Rotating, c => c.Core),
            Of("masked, all", 0, Stroke.Dashed, Layout.Masked, c => c.InRounds), Of("rotating, all", 1, Stroke.Dashed, Layout.Rotating, c => c.InRounds),
            Of("papers’ formula", 4, Stroke.Dotted, Layout.Masked, c => c.Formula),
        ];
    }
}
