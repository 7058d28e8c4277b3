using System.Globalization;

namespace DemoFl.Node.Owner;

/// <summary>The files of a record: 000001.jsonl and on, each of bounded size, none ever changed once the next one is begun.</summary>
internal static class RecordFiles
{
    /// <summary>A file that would grow beyond this is followed by the next one.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>The longest line; reasons are cut long before.</summary>
    public const int MaxLineBytes = 64 * 1024;

    private const string Extension = ".jsonl";
    private const int Digits = 6;

    /// <summary>All files, oldest first.</summary>
    public static IReadOnlyList<string> In(string folder) => [.. Directory.EnumerateFiles(folder, "*" + Extension)
        .Where(f => NumberOf(f) > 0).OrderBy(NumberOf)];

    /// <summary>Where a file's successor goes; the first one's place without a file.</summary>
    public static string After(string folder, string? file) => Path.Combine(
        folder, ((file is null ? 0 : NumberOf(file)) + 1).ToString($"D{Digits}", CultureInfo.InvariantCulture) + Extension);

    /// <summary>A file's number, from 1; 0 for a file of somebody else's.</summary>
    public static int NumberOf(string file) =>
        int.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
