using System.CommandLine;
using System.Text.Json.Nodes;
using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl model predict</c>: the class that a checkpoint gives to examples.</summary>
internal static class ModelPredict
{
    public static Command Create()
    {
        var use = new ModelUse();
        var index = new Option<int?>("--index") { Description = "The example, from 0.", HelpName = "I" };
        var all = new Option<bool>("--all") { Description = "All examples, into the file --out." };
        var target = new Option<string?>("--out")
        {
            Description = "A CSV file of index, label and prediction; an older one is replaced.", HelpName = "FILE.csv",
        };
        var json = Facts.JsonOption();
        var command = new Command("predict", """
            Predict the class of one example, or of all.

            Examples:
              demofl model predict round-000010.safetensors --data mnist:data/mnist --index 7
              demofl model predict round-000010.safetensors --data csv:patients.csv --all --out predictions.csv
            """);
        use.AddTo(command);
        foreach (var option in (Option[])[index, all, target, json]) command.Add(option);
        command.SetRefusingAction((parsed, ct) =>
        {
            switch (parsed.GetValue(index), parsed.GetValue(all), parsed.GetValue(target))
            {
                case ({ } example, false, null):
                    One(parsed, json, use, example, ct);
                    break;
                case (null, true, { } path):
                    All(parsed, json, use, path, ct);
                    break;
                default:
                    throw new CliException("Give either --index I for one example, or --all --out FILE.csv for all.");
            }
        });
        return command;
    }

    private static void One(ParseResult parsed, Option<bool> json, ModelUse use, int index, CancellationToken ct)
    {
        var (checkpoint, model, data) = use.Read(parsed);
        if (index < 0 || index >= data.Count) throw new CliException($"--index is {index}, the examples are 0 to {data.Count - 1}.");
        var predicted = Evaluator.Predict(model, checkpoint.Values, data.Subset([index]), ct)[0];
        var label = data.LabelOf(index);
        var facts = new JsonObject { ["index"] = index, ["label"] = label, ["predicted"] = predicted };
        Facts.Write(parsed, json, facts, output => output.WriteLine($"example {index}: predicted {predicted}, label {label}"));
    }

    private static void All(ParseResult parsed, Option<bool> json, ModelUse use, string path, CancellationToken ct)
    {
        var (checkpoint, model, data) = use.Read(parsed);
        var predictions = Evaluator.Predict(model, checkpoint.Values, data, ct, ModelUse.Threads);
        var correct = predictions.Index().Count(entry => entry.Item == data.LabelOf(entry.Index));
        WholeFile.Write(path, stream =>
        {
            using var file = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            file.WriteLine("index,label,predicted");
            for (var i = 0; i < predictions.Length; i++) file.WriteLine($"{i},{data.LabelOf(i)},{predictions[i]}");
        });

        var facts = new JsonObject { ["file"] = path, ["count"] = predictions.Length, ["correct"] = correct };
        Facts.Write(parsed, json, facts, output => output.WriteLine($"{path}: {predictions.Length} predictions, {correct} of them right."));
    }
}
