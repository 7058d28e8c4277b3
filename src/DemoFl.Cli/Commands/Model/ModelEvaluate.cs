using System.CommandLine;
using System.Text.Json.Nodes;
using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl model evaluate</c>: how well a checkpoint does on a data set.</summary>
internal static class ModelEvaluate
{
    public static Command Create()
    {
        var use = new ModelUse();
        var json = Facts.JsonOption();
        var command = new Command("evaluate", $"""
            Evaluate a checkpoint: loss, accuracy and count, and how it does on each class. With --json also the confusion matrix
            (rows: true classes; up to {Confusion.MaxMatrixClasses} classes).

            Examples:
              demofl model evaluate runs/server/checkpoints/round-000010.safetensors --data mnist:data/mnist
              demofl model evaluate digits.safetensors --model cnn --data mnist:data/mnist --split train --json
            """);
        use.AddTo(command);
        command.Add(json);
        command.SetRefusingAction((parsed, ct) =>
        {
            var (checkpoint, model, data) = use.Read(parsed);
            var evaluation = Evaluator.Evaluate(model, checkpoint.Values, data, ct, ModelUse.Threads);
            var confusion = new Confusion(data, Evaluator.Predict(model, checkpoint.Values, data, ct, ModelUse.Threads), model.Classes);
            var facts = new JsonObject
            {
                ["file"] = checkpoint.Path, ["model"] = model.Name,
                ["loss"] = double.IsFinite(evaluation.Loss) ? evaluation.Loss : null, // JSON has no NaN
                ["accuracy"] = evaluation.Accuracy, ["count"] = evaluation.Count,
                ["classes"] = confusion.ClassesJson(), ["confusion"] = confusion.MatrixJson(),
            };
            Facts.Write(parsed, json, facts, output =>
            {
                output.WriteLine($"loss      {evaluation.Loss:F4}");
                output.WriteLine($"accuracy  {100 * evaluation.Accuracy:F2} %");
                output.WriteLine($"count     {evaluation.Count}");
                output.WriteLine();
                confusion.Table().Write(output);
            });
        });
        return command;
    }
}
