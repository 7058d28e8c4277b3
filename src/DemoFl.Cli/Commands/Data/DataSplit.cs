using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl data split</c>: deals a set out among parties, a folder each.</summary>
internal static class DataSplit
{
    /// <summary>The most parties.</summary>
    public const int MaxParties = 1_000;

    private const string RecordName = "split.json";

    // More columns than this do not fit a terminal.
    private const int MaxLabelsShown = 20;

    public static Command Create()
    {
        var spec = new Argument<string>("SPEC") { Description = "The set: generated[:...], mnist:DIR, cifar10:DIR or csv:FILE." };
        var parties = new Option<int>("--parties") { Description = $"The number of parties, 1 to {MaxParties}.", Required = true };
        var scheme = new Option<string>("--scheme")
        {
            Description = "iid, shards:S (S label shards a party) or dirichlet:A (concentration A).", DefaultValueFactory = _ => "iid",
        };
        var seed = new Option<ulong>("--seed") { Description = "Equal seeds give equal splits.", DefaultValueFactory = _ => 1 };
        var options = new SetOptions();
        var command = new Command("split", """
            Split a data set among parties: a folder each (party-01, ...) with its share of the training part and the common test part,
            a folder `test` that has the test part alone (in the place of both), and split.json, which says how it was made.

            Examples:
              demofl data split mnist:data/mnist --parties 10 --scheme shards:2 --out data/parties
              demofl data split csv:patients.csv --parties 3 --scheme dirichlet:0.5 --seed 7 --out data/hospitals
            """) { spec, parties, scheme, seed };
        options.AddTo(command);
        command.SetRefusingAction((parsed, ct) => Split(
            parsed, parsed.GetRequiredValue(spec), parsed.GetValue(parties), parsed.GetRequiredValue(scheme), parsed.GetValue(seed),
            options, ct));
        return command;
    }

    private static void Split(
        ParseResult parsed, string spec, int parties, string scheme, ulong seed, SetOptions options, CancellationToken ct)
    {
        if (parties is < 1 or > MaxParties) throw new CliException($"--parties is {parties}, allowed are 1 to {MaxParties}.");
        var folder = parsed.GetRequiredValue(options.Out);
        NewFolder.RequireFree(folder);

        var set = Datasets.Load(spec);
        var format = SetFormat.For(set, parsed.GetValue(options.Format), parsed.GetValue(options.Gzip));
        var shares = Partitioner.Split(set.Train, scheme, parties, seed).Select(
            (indices, i) => (Name: NameOf(i, parties), Data: set.Train.Subset(indices))).ToArray();
        var facts = new JsonObject
        {
            ["spec"] = spec, ["scheme"] = scheme, ["seed"] = seed, ["format"] = format.Name, ["classes"] = set.Train.Classes,
            ["parties"] = new JsonArray([.. shares.Select(share => PartyFacts(share.Name, share.Data, format, folder))]),
            ["test"] = set.Test.Count == 0 ? null : PartyFacts("test", set.Test, format, folder),
        };
        NewFolder.Fill(folder, path =>
        {
            foreach (var (name, data) in shares) WriteSet(format, Path.Combine(path, name), new TrainTest(data, set.Test), ct);
            if (set.Test.Count > 0) WriteSet(format, Path.Combine(path, "test"), new TrainTest(set.Test, set.Test), ct);
            File.WriteAllText(Path.Combine(path, RecordName), facts.ToJsonString() + "\n");
        });

        Facts.Write(parsed, options.Json, facts, output =>
        {
            Table(shares, set.Test).Write(output);
            output.WriteLine($"Use a share as {format.SpecOf(Path.Combine(folder, shares[0].Name))}");
        });
    }

    private static void WriteSet(SetFormat format, string folder, TrainTest set, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Directory.CreateDirectory(folder);
        format.Write(folder, set);
    }

    private static string NameOf(int index, int parties)
    {
        var digits = Math.Max(2, parties.ToString(CultureInfo.InvariantCulture).Length);
        return $"party-{(index + 1).ToString($"D{digits}", CultureInfo.InvariantCulture)}";
    }

    private static JsonObject PartyFacts(string name, Dataset data, SetFormat format, string folder)
    {
        var counts = new LabelCounts(data);
        return new JsonObject
        {
            ["name"] = name, ["spec"] = format.SpecOf(Path.Combine(folder, name)), ["examples"] = counts.Total,
            ["labels"] = counts.ToJson(),
        };
    }

    private static TextTable Table((string Name, Dataset Data)[] shares, Dataset test)
    {
        var showsLabels = test.Classes <= MaxLabelsShown;
        string[] labels = showsLabels ? [.. Enumerable.Range(0, test.Classes).Select(label => $"{label}")] : ["labels"];
        var table = new TextTable(["party", "examples", .. labels]);
        foreach (var (name, data) in test.Count == 0 ? shares : [.. shares, (Name: "test", Data: test)])
        {
            var counts = new LabelCounts(data);
            table.Add([name, $"{counts.Total}", .. showsLabels ? counts.Counts.Select(count => $"{count}") : [$"{counts.Distinct}"]]);
        }

        return table;
    }
}
