using System.CommandLine;
using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary>A checkpoint, the model that it belongs to and a part of a data set that suits both: the options for it and the
/// checks.</summary>
internal sealed class ModelUse
{
    private const string TestPart = "test", TrainPart = "train";

    private readonly Argument<string> _file = Checkpoint.Argument();

    private readonly Option<string> _data = new("--data")
    {
        Description = "The set: generated[:...], mnist:DIR, cifar10:DIR or csv:FILE.", HelpName = "SPEC", Required = true,
    };

    private readonly Option<string?> _model = new("--model")
    {
        Description = "softmax, mlp:UNITS[,UNITS] or cnn; by default what the checkpoint's metadata says.", HelpName = "SPEC",
    };

    private readonly Option<string> _split = new("--split") { Description = "The part of the set.", DefaultValueFactory = _ => TestPart };

    public ModelUse() => _split.AcceptOnlyFromAmong(TestPart, TrainPart);

    /// <summary>As many threads as cores.</summary>
    public static int Threads => Math.Min(Environment.ProcessorCount, Evaluator.MaxThreads);

    public void AddTo(Command command)
    {
        command.Add(_file);
        foreach (var option in (Option[])[_data, _model, _split]) command.Add(option);
    }

    /// <exception cref="CliException">Checkpoint, model and data do not fit together; the message says which and what to do.</exception>
    public (Checkpoint Checkpoint, Model Model, Dataset Data) Read(ParseResult parsed)
    {
        var checkpoint = Checkpoint.Load(parsed.GetRequiredValue(_file));
        var spec = parsed.GetValue(_model) ?? checkpoint.Metadata.GetValueOrDefault(Checkpoint.ModelKey)
            ?? throw new CliException(
                $"'{checkpoint.Path}' does not say which model it is of. Give it by --model, for example --model mlp:128.");
        var (dataSpec, part) = (parsed.GetRequiredValue(_data), parsed.GetRequiredValue(_split));
        var set = Datasets.Load(dataSpec);
        var data = part == TestPart ? set.Test : set.Train;
        if (data.Count == 0)
            throw new CliException($"The set '{dataSpec}' has no {part} part. Give --split {(part == TestPart ? TrainPart : TestPart)}.");

        if (Models.IsStandardized(spec))
        {
            data = data.Unscaled ?? throw new CliException(
                $"The set '{dataSpec}' has its columns scaled, which the model '{TextTable.Printable(spec)}' does itself. Leave scale=standard out.");
        }

        var model = Models.Parse(spec, data.Input, ClassesOf(checkpoint, data));
        return model.Layout.SameAs(checkpoint.Layout, out var difference)
            ? (checkpoint, model, data)
            : throw new CliException(
                $"'{checkpoint.Path}' does not fit the model '{TextTable.Printable(spec)}' on {data.Input} examples in {data.Classes} "
                + $"classes: {TextTable.Printable(difference)} (there: the file). Check --model and --data.");
    }

    // A part of a set may lack the last classes: the model's output says how many there are.
    private static int ClassesOf(Checkpoint checkpoint, Dataset data) =>
        checkpoint.Layout.Tensors[^1].Dimensions is [<= Dataset.MaxClasses and var outputs]
            ? Math.Max(outputs, data.Classes)
            : data.Classes;
}
