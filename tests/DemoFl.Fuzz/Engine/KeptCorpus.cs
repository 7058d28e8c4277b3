using System.Security.Cryptography;

namespace DemoFl.Fuzz;

/// <summary>The inputs that are kept with the sources: what once found something, and small ones that lead ways of their own.</summary>
internal sealed class KeptCorpus(string folder)
{
    /// <summary>An input that is worth keeping is small.</summary>
    private const int LongestBytes = 2_048;

    /// <summary>Where the build puts it.</summary>
    public static KeptCorpus Built { get; } = new(Path.Combine(AppContext.BaseDirectory, "Corpus"));

    /// <summary>A target's inputs in the order of their names.</summary>
    public IReadOnlyList<byte[]> Of(string target) => Directory.Exists(Path.Combine(folder, target))
        ? [.. Directory.GetFiles(Path.Combine(folder, target)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]
        : [];

    /// <summary>Adds an input under a name made of its content; the name.</summary>
    public string Add(string target, byte[] input)
    {
        string path = Path.Combine(folder, target, Convert.ToHexStringLower(SHA256.HashData(input))[..16]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, input);
        return path;
    }

    /// <summary>Adds the smallest of what a run grew, up to a number of them.</summary>
    public int AddGrown(TargetRun run, int most)
    {
        byte[][] small = [.. run.Grown.OrderBy(g => g.Value.Length).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Value)
            .Where(g => g.Length <= LongestBytes).Take(most)];
        Array.ForEach(small, input => Add(run.Target.Name, input));
        return small.Length;
    }
}
