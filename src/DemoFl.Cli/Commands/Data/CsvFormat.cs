using System.Globalization;
using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary>
/// A table for each part, label last. Numbers are written so that they read back as the same floats. A table is flat: images come back
/// as rows.
/// </summary>
internal sealed class CsvFormat(int classes, bool gzip) : SetFormat
{
    public override string Name => "csv";

    // The values are to be taken as they are: scaling anew would differ from party to party.
    public override string SpecOf(string folder) => $"csv:{TrainPath(folder)}{(gzip ? ".gz" : "")},test=0,scale=none,classes={classes}";

    public override void Write(string folder, TrainTest set)
    {
        WritePart(TrainPath(folder), set.Train);
        if (set.Test.Count > 0) WritePart(Path.Combine(folder, "test.csv"), set.Test);
    }

    protected override string? Objection(Dataset data) =>
        data.Input.Length < CsvReader.MaxColumns
            ? null
            : $"its examples have {data.Input.Length} values, a table at most {CsvReader.MaxColumns} with the label; use smaller ones";

    private static string TrainPath(string folder) => Path.Combine(folder, "train.csv");

    private void WritePart(string path, Dataset data) => WriteFile(path, gzip, file =>
    {
        using var text = new StreamWriter(file, leaveOpen: true) { NewLine = "\n" };
        text.WriteLine(string.Join(',', Enumerable.Range(1, data.Input.Length).Select(column => $"x{column}").Append("label")));
        for (var i = 0; i < data.Count; i++)
        {
            foreach (var value in data.FeaturesOf(i))
            {
                text.Write(value.ToString("R", CultureInfo.InvariantCulture));
                text.Write(',');
            }

            text.WriteLine(data.LabelOf(i));
        }
    });
}
