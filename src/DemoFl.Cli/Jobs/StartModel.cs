using System.Security.Cryptography;
using System.Text;
using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Wire;

namespace DemoFl.Cli.Jobs;

/// <summary>The model that a run starts from, as a safetensors file gives it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Layout">Its tensors, in the order of their bytes.</param>
/// <param name="Values">W_0 in that order; finite.</param>
/// <param name="Sha256">Of the whole file, 64 lower-case hex digits.</param>
internal sealed record StartModel(string Path, ParameterLayout Layout, float[] Values, string Sha256)
{
    /// <summary>What <c>start</c> says when there is no file: first parameters are drawn from the seed.</summary>
    public const string Random = "random";

    private const int DifferencesShown = 5;

    /// <summary>Reads the file that a job starts from; null when it starts from its seed.</summary>
    /// <exception cref="CliException">There is no such file, or it holds values that are not numbers.</exception>
    /// <exception cref="InvalidDataException">It is not a float32 safetensors file.</exception>
    public static StartModel? Of(JobValues job)
    {
        if (job.Start == Random)
        {
            return null;
        }

        if (!File.Exists(job.Start))
        {
            throw new CliException($"start: there is no file {job.Start}. Name a safetensors file, or use start: {Random}.");
        }

        var start = Read(job.Start);
        int odd = Array.FindIndex(start.Values, v => !float.IsFinite(v));
        return odd < 0 ? start : throw new CliException($"start: {job.Start} holds {start.Values[odd]} at parameter {odd}. Export a model whose values are finite.");
    }

    /// <summary>The values in a model's order. Tensors are matched by name: files sort them in ways of their own.</summary>
    /// <exception cref="CliException">A tensor is missing, of another shape, or unknown to the model; it names them.</exception>
    public float[] ArrangedFor(Model model)
    {
        var here = Layout.Tensors.Select((shape, i) => (shape, Offset: Layout.OffsetOf(i))).ToDictionary(t => t.shape.Name, StringComparer.Ordinal);
        var differences = new List<string>();
        var values = new float[model.Layout.Length];
        for (int i = 0; i < model.Layout.Tensors.Count; i++)
        {
            var wanted = model.Layout.Tensors[i];
            if (!here.Remove(wanted.Name, out var found))
            {
                differences.Add($"it has no {wanted}");
            }
            else if (!found.shape.Equals(wanted))
            {
                differences.Add($"its {found.shape} must be {wanted}");
            }
            else
            {
                Values.AsSpan(found.Offset, wanted.Length).CopyTo(values.AsSpan(model.Layout.OffsetOf(i)));
            }
        }

        differences.AddRange(here.Values.OrderBy(t => t.Offset).Select(t => $"the model has no {t.shape}"));
        return differences.Count == 0 ? values : throw new CliException(
            $"start: {Path} does not fit the model {model.Name}: {string.Join("; ", differences.Take(DifferencesShown))}"
            + $"{(differences.Count > DifferencesShown ? $"; and {differences.Count - DifferencesShown} more" : "")}.");
    }

    /// <summary>One opening for both: what is hashed is what is read.</summary>
    private static StartModel Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        string hash = Convert.ToHexStringLower(SHA256.HashData(file));
        file.Position = 0;
        try
        {
            var (layout, values, _) = Safetensors.Read(file);
            return layout.Length <= RoundSpec.MaxDimension && layout.Tensors.Count <= WireLimits.MaxTensors
                && layout.Tensors.All(t => Encoding.UTF8.GetByteCount(t.Name) <= WireLimits.MaxTensorNameBytes)
                ? new StartModel(path, layout, values, hash)
                : throw new CliException(
                    $"start: {path} is more than a federation trains: {RoundSpec.MaxDimension} parameters in {WireLimits.MaxTensors} tensors, whose names have "
                    + $"up to {WireLimits.MaxTensorNameBytes} bytes. Export a smaller model.");
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"start: {path}: {e.Message}", e);
        }
    }
}
