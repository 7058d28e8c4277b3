using System.CommandLine;
using System.Text.Json.Nodes;
using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl data make</c>: writes a generated (or any other) set to files that the loader reads back.</summary>
internal static class DataMake
{
    public static Command Create()
    {
        var spec = new Option<string>("--spec")
        {
            Description = "The set: generated[:key=value,...], or one to convert (mnist:DIR, cifar10:DIR, csv:FILE).", Required = true,
        };
        var options = new SetOptions();
        var command = new Command("make", """
            Write a made-up data set to files, or convert one.

            Images become IDX or CIFAR-10 files, their values scaled and rounded to a byte per pixel; tables become CSV.

            Examples:
              demofl data make --spec generated --out data/made
              demofl data make --spec generated:classes=4,size=16,train=800,test=200 --out data/small
              demofl data make --spec mnist:data/mnist --format csv --out data/mnist-csv
            """) { spec };
        options.AddTo(command);
        command.SetRefusingAction((parsed, _) => Make(parsed, parsed.GetRequiredValue(spec), options));
        return command;
    }

    private static void Make(ParseResult parsed, string spec, SetOptions options)
    {
        var folder = parsed.GetRequiredValue(options.Out);
        NewFolder.RequireFree(folder);
        var set = Datasets.Load(spec);
        var format = SetFormat.For(set, parsed.GetValue(options.Format), parsed.GetValue(options.Gzip));
        NewFolder.Fill(folder, path => format.Write(path, set));

        var facts = new JsonObject
        {
            ["path"] = folder, ["format"] = format.Name, ["spec"] = format.SpecOf(folder), ["train"] = set.Train.Count,
            ["test"] = set.Test.Count,
            ["classes"] = set.Train.Classes, ["input"] = set.Train.Input.ToString(),
        };
        Facts.Write(parsed, options.Json, facts, output =>
        {
            var (train, test) = set;
            output.WriteLine(
                $"{folder}: {train.Count} + {test.Count} examples of {train.Input} in {train.Classes} classes, as {format.Name}.");
            output.WriteLine($"Use it as {format.SpecOf(folder)}");
        });
    }
}
