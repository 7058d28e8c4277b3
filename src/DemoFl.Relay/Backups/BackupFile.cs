using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using DemoFl.Learning;

namespace DemoFl.Relay.Backups;

/// <summary>
/// A backup on the disk: a tar file whose first entry, <c>SHA256SUMS</c>, has the sums of all others in their order, as <c>sha256sum --check</c>
/// reads them.
/// </summary>
internal static class BackupFile
{
    private const string SumsName = "SHA256SUMS";
    private const int MaxSumsBytes = 4096;
    private const int MaxEntries = 8;
    private const int DigestLength = 64;

    /// <summary>Writes one durably, and never over a file.</summary>
    public static void Write(string path, IReadOnlyList<ImageEntry> entries)
    {
        byte[] sums = Encoding.UTF8.GetBytes(string.Concat(entries.Select(e => $"{SumOf(e.Content)}  {e.Name}\n")));
        DurableFile.WriteNew(path, stream =>
        {
            using var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true);
            foreach (var entry in entries.Prepend(new ImageEntry(SumsName, sums)))
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, entry.Name) { DataStream = new MemoryStream(entry.Content) });
            }
        });
    }

    /// <summary>Reads one and compares every sum.</summary>
    /// <exception cref="InvalidDataException">It is not a backup or is damaged; the message names the file and the entry.</exception>
    public static IReadOnlyList<ImageEntry> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var tar = new TarReader(file);
        var first = Next(tar, file, SumsName, MaxSumsBytes);
        string[][] sums = [.. Encoding.UTF8.GetString(first.Content).Split('\n').Select(line => line.Split("  ", 2))];
        if (sums.Length is < 2 or > MaxEntries + 1 || sums[^1] is not [""] || !sums[..^1].All(s => s is [{ Length: DigestLength }, { Length: > 0 }]))
        {
            throw Damaged(file.Name, SumsName);
        }

        var entries = new List<ImageEntry>();
        foreach (string[] sum in sums[..^1])
        {
            var entry = Next(tar, file, sum[1], Array.MaxLength);
            entries.Add(SumOf(entry.Content) == sum[0] ? entry : throw Damaged(file.Name, sum[1]));
        }

        return entries;
    }

    /// <summary>The entry that must come next.</summary>
    private static ImageEntry Next(TarReader tar, FileStream file, string name, long maxBytes)
    {
        try
        {
            var entry = tar.GetNextEntry();
            if (entry is { EntryType: TarEntryType.RegularFile } && entry.Name == name && entry.Length <= Math.Min(maxBytes, file.Length))
            {
                var content = new byte[entry.Length];
                entry.DataStream?.ReadExactly(content);
                return new ImageEntry(name, content);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            throw NotThere(file.Name, name, e);
        }

        throw NotThere(file.Name, name);
    }

    /// <summary>Whatever does not even begin as a backup is taken for something else.</summary>
    private static InvalidDataException NotThere(string path, string entry, Exception? inner = null) => entry == SumsName
        ? new InvalidDataException($"{path} is not a backup of a run. Name a file that `demofl backup create` made.", inner)
        : Damaged(path, entry, inner);

    private static InvalidDataException Damaged(string path, string entry, Exception? inner = null) =>
        new($"{path} is damaged in its entry {entry}. Use another backup.", inner);

    private static string SumOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
