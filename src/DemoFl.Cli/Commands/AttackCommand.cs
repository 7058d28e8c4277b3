using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DemoFl.Cli.Attack;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl attack</c>: what adversaries make of a round, scheme by scheme.</summary>
internal static class AttackCommand
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "What the parties train on: generated[:...], mnist:DIR, cifar10:DIR, csv:FILE[,...].", DefaultValueFactory = _ => "generated",
    };

    private static readonly Option<string> Model = new("--model")
    {
        Description = "softmax, mlp:UNITS[,UNITS] or cnn.", DefaultValueFactory = _ => "mlp:128",
    };

    private static readonly Option<int> Leaders = new("--leaders")
    {
        Description = $"Number of leaders, {AttackScene.MinLeaders} to {AttackScene.MaxLeaders}.", DefaultValueFactory = _ => 3,
    };

    private static readonly Option<int?> Corrupt = new("--corrupt")
    {
        Description = "Leaders that collude with the coordinator, from 0 to all; every number without.",
    };

    private static readonly Option<bool> Json = Facts.JsonOption();

    public static Command Create()
    {
        var command = new Command("attack", """
            Attack a round and see what comes of it: under the papers' Algorithm 1, and under DemoFL's layouts by the coordinator and ever more leaders.

            The round is real up to the network: election, key agreement, training, encoding, masks, seals and sums are the ones that servers and nodes
            run, in this process, and each adversary gets all that its processes held. Exit code 1 when a result is not the promised one.

            Examples:
              demofl attack
              demofl attack --leaders 5 --corrupt 4
              demofl attack --data mnist:data/mnist --model softmax
            """) { Data, Model, Leaders, Corrupt, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        int leaders = parsed.GetValue(Leaders);
        if (leaders is < AttackScene.MinLeaders or > AttackScene.MaxLeaders)
        {
            throw new CliException($"--leaders is {leaders}; it must be {AttackScene.MinLeaders} to {AttackScene.MaxLeaders}.");
        }

        if (parsed.GetValue(Corrupt) is { } corrupt && (corrupt < 0 || corrupt > leaders))
        {
            throw new CliException($"--corrupt is {corrupt}; it must be 0 to the number of leaders, {leaders}.");
        }

        using var stop = new StopSignal(watchInput: false);
        var clock = Stopwatch.StartNew();
        var report = Attacks.Run(AttackScene.Make(parsed.GetValue(Data)!, parsed.GetValue(Model)!, leaders), parsed.GetValue(Corrupt), stop.Token);
        Facts.Write(parsed, Json, ToJson(report), output => Write(report, clock.Elapsed, output));
        return report.IsAsPromised ? ExitCode.Success : ExitCode.Failed;
    }

    private static void Write(AttackReport report, TimeSpan took, TextWriter output)
    {
        var scene = report.Scene;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {scene.Parts.Count} parties train {scene.Model.Name}, d = {scene.Dimension:N0} parameters; {scene.Leaders} of them lead. The victim leads nothing.
            Each row puts together all that the adversary's processes held in a round, and sets the best linear
            combination of it beside the victim's true update.

            """));
        var table = new TextTable("scheme", "adversary", "vectors", "|cosine|", "bound", "verdict");
        foreach (var row in report.Results)
        {
            string bound = row.IsRecoveryExpected
                ? $"> {AttackResult.Recovered.ToString("0.00", CultureInfo.InvariantCulture)}"
                : $"< {row.Bound.ToString("0.0000", CultureInfo.InvariantCulture)}";
            table.Add(row.Scheme, row.Adversary, $"{row.Vectors}", row.Cosine.ToString("0.0000", CultureInfo.InvariantCulture), bound, row.Verdict);
        }

        table.Write(output);
        Explain(report, output);
        string outcome = report.IsAsPromised ? "Everything is as promised." : "NOT EVERYTHING IS AS PROMISED.";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{outcome} {took.TotalSeconds:0.0} s"));
    }

    private static void Explain(AttackReport report, TextWriter output) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

        Algorithm 1 is the papers' split: each share is the whole update times a random number, so one share gives it away.
        With every leader corrupt nothing is promised; those rows show that the attack works when it can.

        How it is measured. Everyone learns the sum of all updates, which is the new model; its cosine with the victim's
        update is {report.SumCosine:0.00}. What is promised is that nobody learns more. So what is known anyway (the old model, the
        honest parties' sum, the corrupt nodes' own updates) is projected out of everything, and the rest is measured.
        An adversary first adds up, in the ring, all that it has of each party, and adds and subtracts what could share a
        mask; then it combines all its vectors, with coefficients better than it could have: fitted by least squares to a
        tenth of the victim's true update, and judged on the rest. Chance gives 1/sqrt(d) = {1 / Math.Sqrt(report.Scene.Dimension):0.0000}; the bound is five
        times that. One round is attacked; what sums of several rounds tell together is not, and is not promised.

        """));

    private static JsonObject ToJson(AttackReport report) => new()
    {
        ["model"] = report.Scene.Model.Name, ["dimension"] = report.Scene.Dimension, ["parties"] = report.Scene.Parts.Count,
        ["leaders"] = report.Scene.Leaders, ["bound"] = report.Scene.Bound, ["sumCosine"] = report.SumCosine, ["asPromised"] = report.IsAsPromised,
        ["results"] = new JsonArray([.. report.Results.Select(row => (JsonNode)new JsonObject
        {
            ["scheme"] = row.Scheme, ["adversary"] = row.Adversary, ["vectors"] = row.Vectors, ["cosine"] = row.Cosine,
            ["recoveryExpected"] = row.IsRecoveryExpected, ["asPromised"] = row.IsAsPromised,
        })]),
    };
}
