using DemoFl.Learning;
using DemoFl.Sharing;

namespace DemoFl.Figures.Accuracy;

/// <summary>One study's comparison after one round.</summary>
/// <param name="Study">The study whose settings were used.</param>
/// <param name="Parties">|B|.</param>
/// <param name="SampleCount">Sum C over B, each capped at C_max.</param>
/// <param name="Ulp">c / (2^(b-1) - 1).</param>
/// <param name="Bound">|B| * ulp * C_max / sum C.</param>
/// <param name="Distance">Between the masked and the plain model.</param>
internal sealed record OneRound(string Study, int Parties, long SampleCount, double Ulp, double Bound, ParameterDistance Distance);

/// <summary>DESIGN C4: after one round from the same model, masked and plain differ by no more than rounding to the ring can explain.</summary>
internal sealed class OneRoundExperiment : IExperiment
{
    /// <summary>The defaults of the jobs that are compared: c, C_max and k.</summary>
    private const double Clip = 0.5;

    private const uint MaxSampleCount = 1000;
    private const ulong Seed = 1;

    public string Name => "one-round";

    public string Summary => "parameters after one round, masked against plain, and the bound of DESIGN C4";

    public IReadOnlyList<string> Missing(Workshop workshop)
    {
        var done = Load(workshop);
        return [.. AccuracyStudy.All.Where(s => done.All(d => d.Study != s.Name)).Select(s => s.Title)];
    }

    public async Task RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        foreach (var study in AccuracyStudy.All.Where(s => Load(workshop).All(d => d.Study != s.Name)))
        {
            workshop.Tell($"{Name}: {study.Title}");
            var (masked, row) = await ModelAsync(workshop, study, "masked", cancellation);
            var (plain, _) = await ModelAsync(workshop, study, "plain", cancellation);
            workshop.Save(Name, Load(workshop).Append(Compare(study, row, SampleCount(workshop, study, row.Parties), masked, plain)).ToArray());
        }
    }

    public IEnumerable<(string Name, string Svg)> Draw(Workshop workshop) => [];

    public string Numbers(Workshop workshop)
    {
        if (Load(workshop).Length == 0)
        {
            return "";
        }

        var table = new MarkdownTable(
            "study", "parameters", "bound", "largest distance", "largest beyond float32 rounding", "share whose distance is within the bound");
        foreach (var (study, _, _, _, bound, distance) in Load(workshop))
        {
            table.Add(
                $"{AccuracyStudy.All.First(s => s.Name == study).Title}", $"{distance.Parameters:N0}", $"{bound:0.00e+0}", $"{distance.Largest:0.00e+0}",
                $"**{distance.LargestBeyondFloat:0.00e+0}**", $"{100 * distance.ShareWithin:0.000} %");
        }

        return table.ToString();
    }

    private static OneRound Compare(AccuracyStudy study, RoundRow row, long sampleCount, float[] masked, float[] plain)
    {
        var encoding = new Sharing.Encoding(RingWidth.Bits32, row.Parties, Clip, MaxSampleCount);
        double ulp = encoding.Clip / encoding.MaxUnits;
        double bound = row.Intersection * ulp * MaxSampleCount / sampleCount;
        return new OneRound(study.Name, row.Intersection, sampleCount, ulp, bound, ParameterDistance.Between(masked, plain, bound));
    }

    /// <summary>Every party of these studies has the same number of examples, so the sum does not depend on who was drawn.</summary>
    private static long SampleCount(Workshop workshop, AccuracyStudy study, int parties)
    {
        var train = Datasets.Load($"{study.DataSet}:{workshop.DataSet(study.DataSet)}").Train;
        int[] sizes = [.. Partitioner.Split(train, study.Partition, AccuracyStudy.Parties, Seed).Select(p => p.Length).Distinct()];
        return sizes.Length == 1
            ? parties * Math.Min(sizes[0], MaxSampleCount)
            : throw new FigureException($"{study.Title}: the parties have different numbers of examples.");
    }

    private async Task<(float[] Model, RoundRow Row)> ModelAsync(Workshop workshop, AccuracyStudy study, string layout, CancellationToken cancellation)
    {
        var folder = new RunFolder(Path.Combine(workshop.Runs, Name, $"{study.Name}-{layout}"));
        if (folder.Rounds().Count == 0)
        {
            await new RunProcess(workshop, folder).ExecuteAsync(
                $"{study.DataSet}:{workshop.DataSet(study.DataSet)}", study.Job(layout, Seed, rounds: 1), _ => { }, cancellation);
        }

        var row = folder.Rounds()[0];
        return row.Intersection == row.Parties
            ? (Safetensors.Read(folder.NewestCheckpoint!).Values, row)
            : throw new FigureException(
                $"{study.Title}, {layout}: only {row.Intersection} of {row.Parties} parties are in the sum. Delete {folder.Path} and run again.");
    }

    private OneRound[] Load(Workshop workshop) => workshop.Load<OneRound[]>(Name) ?? [];
}
