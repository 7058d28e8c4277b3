using System.Runtime.InteropServices;
using DemoFl.Protocol;
using DemoFl.Relay.Storage;
using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Relay.Backups;

/// <summary>
/// All that a run goes on from, in memory: the whole records of its journal, what the last commit among them names, the best model, and beside them
/// the job and the report of whoever runs it. Checked as a resumed run is. Immutable.
/// </summary>
internal sealed class RunImage
{
    /// <summary>What <c>demofl</c> keeps in a run folder for people: taken along where it is there.</summary>
    private static readonly string[] Papers = ["begun-with.yaml", "report.json"];

    private RunImage(IReadOnlyList<ImageEntry> entries, IReadOnlyList<JournalRecord> records, RunProgress progress) =>
        (Entries, Records, Progress) = (entries, records, progress);

    /// <summary>The files by their names in a run folder, the journal first.</summary>
    public IReadOnlyList<ImageEntry> Entries { get; }

    public IReadOnlyList<JournalRecord> Records { get; }

    public RunProgress Progress { get; }

    /// <summary>
    /// Takes one of a run folder, whether or not a server has it; null when that server has committed meanwhile and removed what was to be read.
    /// </summary>
    /// <exception cref="InvalidDataException">The run is damaged; the message names the file.</exception>
    public static RunImage? TryTake(string folder)
    {
        // In the reverse of the order in which a server writes them: what an earlier one says, the journal knows.
        var papers = Papers.Where(p => File.Exists(Path.Combine(folder, p))).Select(p => Read(folder, p)).ToArray();
        var best = File.Exists(Path.Combine(folder, RunFiles.Best)) ? Read(folder, RunFiles.Best) : null;
        var (records, journal) = Journal.Peek(Path.Combine(folder, RunFiles.Journal));
        var entries = new List<ImageEntry> { new(RunFiles.Journal, journal) };
        try
        {
            entries.AddRange(NamesOf(RunProgress.Replay(records, Path.Combine(folder, RunFiles.Journal)).LastCommit).Select(n => Read(folder, n)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Journal.Peek(Path.Combine(folder, RunFiles.Journal)).Records.Count != records.Count
                ? null
                : throw Missing((e as FileNotFoundException)?.FileName ?? folder, e);
        }

        var run = RunProgress.Replay(records, folder).Run;
        entries.AddRange(best is not null && RunOf(best, Path.Combine(folder, best.Name)) == $"{run}" ? [best] : []);
        return Of([.. entries, .. papers], name => Path.Combine(folder, name));
    }

    /// <summary>Checks that the files belong together and are whole.</summary>
    /// <param name="entries">The files.</param>
    /// <param name="placeOf">How a message names one of them.</param>
    /// <exception cref="InvalidDataException">They are not; the message names the file.</exception>
    public static RunImage Of(IReadOnlyList<ImageEntry> entries, Func<string, string> placeOf)
    {
        string place = placeOf(RunFiles.Journal);
        var journal = Find(entries, RunFiles.Journal) ?? throw new InvalidDataException($"{place} is missing.");
        var (records, end) = JournalFrames.Parse(journal.Content, place);
        if (end != journal.Content.Length)
        {
            throw new InvalidDataException($"{place} is damaged at byte {end}.");
        }

        if (entries.GroupBy(e => e.Name).FirstOrDefault(g => g.Count() > 1) is { Key: var twice })
        {
            throw new InvalidDataException($"{placeOf(twice)} is there twice.");
        }

        var progress = RunProgress.Replay(records, place);
        string[] named = [.. NamesOf(progress.LastCommit)];
        foreach (string name in named)
        {
            var hash = name == named[0] ? progress.ModelHash : Field.Hash(progress.LastCommit!.MomentsHash, "moments_hash");
            var entry = Find(entries, name) ?? throw Missing(placeOf(name));
            RequireHash(entry, hash, placeOf(name));
        }

        foreach (var entry in entries.Where(e => e.Name != RunFiles.Journal && !named.Contains(e.Name) && !Papers.Contains(e.Name)))
        {
            if (entry.Name != RunFiles.Best || RunOf(entry, placeOf(entry.Name)) != $"{progress.Run}")
            {
                throw new InvalidDataException($"{placeOf(entry.Name)} does not belong to this run.");
            }
        }

        return new RunImage(entries, records, progress);
    }

    private static ImageEntry? Find(IReadOnlyList<ImageEntry> entries, string name) => entries.FirstOrDefault(e => e.Name == name);

    private static InvalidDataException Missing(string place, Exception? inner = null) =>
        new($"{place} is missing, and the journal has it as committed.", inner);

    /// <summary>The checkpoint of a commit and, with a server optimiser, its state: under the names that a server gives them, whatever the record says.</summary>
    private static IEnumerable<string> NamesOf(RoundCommittedRecord? commit)
    {
        if (commit is not null)
        {
            string name = CheckpointSeries.NameOf(commit.Round);
            yield return $"{RunFiles.Checkpoints}/{name}";
            if (commit.Moments.Length > 0)
            {
                yield return $"{RunFiles.Moments}/{name}";
            }
        }
    }

    private static void RequireHash(ImageEntry entry, Hash256 expected, string place)
    {
        float[] values = CheckpointFile.Read(new MemoryStream(entry.Content), place).Values;
        if (Hash256.Of(MemoryMarshal.AsBytes(values.AsSpan())) != expected)
        {
            throw new InvalidDataException($"{place} is not what the journal committed.");
        }
    }

    private static string? RunOf(ImageEntry best, string place) =>
        CheckpointFile.Read(new MemoryStream(best.Content), place).Metadata.GetValueOrDefault("run");

    private static ImageEntry Read(string folder, string name)
    {
        using var file = new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > Array.MaxLength)
        {
            throw new InvalidDataException($"{file.Name} has {file.Length} bytes; a backup takes files of up to {Array.MaxLength}.");
        }

        var content = new byte[file.Length];
        file.ReadExactly(content);
        return new ImageEntry(name, content);
    }
}
