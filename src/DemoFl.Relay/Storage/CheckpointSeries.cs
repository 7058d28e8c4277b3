using System.Globalization;
using DemoFl.Learning;

namespace DemoFl.Relay.Storage;

/// <summary>The files <c>round-N.safetensors</c> of one folder, which need not be there yet.</summary>
internal sealed class CheckpointSeries(string folder)
{
    private const string Prefix = "round-";
    private const string Extension = ".safetensors";

    /// <summary>The newest, whether or not its round was committed, or null.</summary>
    public (string Path, ulong Round)? Newest => NewestFirst().Select(p => ((string, ulong)?)(p, NumberOf(p))).FirstOrDefault();

    public static string NameOf(ulong round) => $"{Prefix}{round:D6}{Extension}";

    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Makes the folder, durably.</summary>
    public void Prepare()
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            DurableFile.SyncDirectory(Path.GetDirectoryName(folder)!);
        }
    }

    /// <summary>Removes all but the newest so many.</summary>
    public void Keep(int count)
    {
        foreach (string old in NewestFirst().Skip(count))
        {
            File.Delete(old);
        }
    }

    /// <summary>Removes files that were cut off while they were written.</summary>
    public void Tidy()
    {
        foreach (string half in In("*.tmp"))
        {
            File.Delete(half);
        }
    }

    /// <summary>Longer numbers are higher ones.</summary>
    private IEnumerable<string> NewestFirst() =>
        In(Prefix + "*" + Extension).OrderByDescending(p => p.Length).ThenByDescending(p => p, StringComparer.Ordinal);

    private string[] In(string pattern) => Directory.Exists(folder) ? Directory.GetFiles(folder, pattern) : [];

    private static ulong NumberOf(string path) =>
        ulong.TryParse(Path.GetFileNameWithoutExtension(path).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : 0;
}
