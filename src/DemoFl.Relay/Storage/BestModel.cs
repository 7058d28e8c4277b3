using System.Globalization;
using DemoFl.Protocol;

namespace DemoFl.Relay.Storage;

/// <summary>
/// The best committed model of a run, in <c>best.safetensors</c>, whose metadata say of which round and how good it is: by accuracy, and among
/// equals by loss. One call at a time.
/// </summary>
internal sealed class BestModel
{
    private readonly string _path;
    private readonly RunId _run;
    private Judgement _judged = new(double.NaN, double.NaN);

    /// <summary>None yet.</summary>
    public BestModel(string folder, RunId run) => (_path, _run) = (System.IO.Path.Combine(folder, RunFiles.Best), run);

    /// <summary>The file, or null before the first judged commit.</summary>
    public string? Path => Round is null ? null : _path;

    /// <summary>The round that made it.</summary>
    public Round? Round { get; private set; }

    /// <summary>What an earlier process of this run left.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static BestModel Open(string folder, RunId run)
    {
        var best = new BestModel(folder, run);
        if (File.Exists(best._path))
        {
            best.Read();
        }

        return best;
    }

    /// <summary>What the file of a run that goes on under another id says.</summary>
    public static IReadOnlyDictionary<string, string> OfRun(IReadOnlyDictionary<string, string> metadata, RunId run) =>
        metadata.ToDictionary(m => m.Key, m => m.Key == "run" ? $"{run}" : m.Value);

    /// <summary>Hands what one run left on to the run that goes on from it under another id.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static void Rename(string folder, RunId from, RunId to)
    {
        var best = Open(folder, from);
        if (best.Path is { } path)
        {
            var (layout, values, metadata) = CheckpointFile.Read(path);
            CheckpointFile.Write(path, layout, () => values, OfRun(metadata, to));
        }
    }

    /// <summary>Keeps the model when it is better than all before it. What nobody judged is not kept.</summary>
    public void Consider(Round round, Job job, ModelSnapshot model, Judgement judged)
    {
        if (!IsBetter(judged))
        {
            return;
        }

        var metadata = new Dictionary<string, string>
        {
            ["run"] = $"{_run}", ["round"] = $"{round}", ["model"] = job.Rules.Training.Model, ["accuracy"] = Text(judged.Accuracy), ["loss"] = Text(judged.Loss),
        };
        CheckpointFile.Write(_path, job.Parameters, () => model.Parameters, metadata);
        (Round, _judged) = (round, judged);
    }

    private void Read()
    {
        var metadata = ReadMetadata();

        // Left by another run in this folder: the next judged model takes its place.
        if (metadata.GetValueOrDefault("run") != $"{_run}")
        {
            return;
        }

        if (!ulong.TryParse(metadata.GetValueOrDefault("round"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong round)
            || !TryRead(metadata, "accuracy", out double accuracy) || !TryRead(metadata, "loss", out double loss))
        {
            throw new InvalidDataException($"{_path} does not say of which round and how good it is. Move it away to go on without it.");
        }

        (Round, _judged) = (new Round(round), new Judgement(loss, accuracy));
    }

    private IReadOnlyDictionary<string, string> ReadMetadata()
    {
        try
        {
            return CheckpointFile.Read(_path).Metadata;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{e.Message} Move it away to go on without it.", e);
        }
    }

    private bool IsBetter(Judgement judged)
    {
        double gain = Rank(judged.Accuracy) - Rank(_judged.Accuracy);
        return gain > 0 || (gain == 0 && judged.Loss < (double.IsNaN(_judged.Loss) ? double.PositiveInfinity : _judged.Loss));
    }

    /// <summary>An unknown accuracy is below every known one.</summary>
    private static double Rank(double accuracy) => double.IsNaN(accuracy) ? -1 : accuracy;

    private static bool TryRead(IReadOnlyDictionary<string, string> metadata, string key, out double value) =>
        double.TryParse(metadata.GetValueOrDefault(key), NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
