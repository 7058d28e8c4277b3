namespace DemoFl.Canary.Tests.Scanning;

/// <summary>All files of a folder, read while another process writes them.</summary>
internal static class Folder
{
    public static SortedSet<string> Scan(string path, Needles needles)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
        {
            try
            {
                needles.Find(Read(file), found);
            }
            catch (FileNotFoundException)
            {
                // Gone since it was listed: a spill file whose round closed.
            }
        }

        return found;
    }

    private static byte[] Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
