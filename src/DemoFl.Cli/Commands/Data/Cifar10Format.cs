using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary>CIFAR-10's binary records: a label byte and 3 x 32 x 32 pixels, channel-major.</summary>
internal sealed class Cifar10Format(PixelRange range, bool gzip) : SetFormat
{
    private static readonly InputShape Image = new(3, 32, 32);

    public override string Name => "cifar10";

    public override string SpecOf(string folder) => $"cifar10:{folder}";

    public override void Write(string folder, TrainTest set)
    {
        WritePart(Path.Combine(folder, "train.bin"), set.Train);
        WritePart(Path.Combine(folder, "test.bin"), set.Test);
    }

    protected override string? Objection(Dataset data) =>
        data.Input == Image && data.Classes == Cifar10Reader.Classes
            ? null
            : $"its examples are {data.Input} in {data.Classes} classes, CIFAR-10 is {Image} in {Cifar10Reader.Classes}; use --format csv";

    private void WritePart(string path, Dataset data) => WriteFile(path, gzip, file =>
    {
        var record = new byte[1 + Image.Length];
        for (var i = 0; i < data.Count; i++)
        {
            record[0] = (byte)data.LabelOf(i);
            var features = data.FeaturesOf(i);
            for (var j = 0; j < features.Length; j++) record[1 + j] = range.PixelOf(features[j]);
            file.Write(record);
        }
    });
}
