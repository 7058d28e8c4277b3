using System.Security.Cryptography;
using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay.Storage;
using DemoFl.Wire;

namespace DemoFl.Relay.Backups;

/// <summary>
/// Backups of runs: everything that a run goes on from, in one file, without keys, tokens and the audit file. A restored run goes on from the
/// committed rounds under an id of its own (DESIGN section 7): its nodes may have seen later terms and rounds of the old one. Thread-safe.
/// </summary>
public static class RunBackup
{
    /// <summary>A server commits a few rounds in the time that it takes to read one; it will not do so each time.</summary>
    private const int Attempts = 20;

    /// <summary>Takes a backup, while a server has the run or not, and writes it durably.</summary>
    /// <exception cref="IOException">There is no run, the file exists already, or something cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">The run is damaged; the message names the file.</exception>
    public static BackupFacts Create(string folder, string file)
    {
        if (!File.Exists(Path.Combine(folder, RunFiles.Journal)))
        {
            throw new IOException($"There is no run in {folder}. Name a run folder, which has a file {RunFiles.Journal}.");
        }

        RequireFree(file);
        var image = Enumerable.Range(0, Attempts).Select(_ => RunImage.TryTake(folder)).FirstOrDefault(i => i is not null)
            ?? throw new IOException(
                $"The server in {folder} commits rounds faster than they can be read. Keep more of them by --keep-checkpoints, and try again.");
        BackupFile.Write(file, image.Entries);
        return BackupFacts.Of(image);
    }

    /// <summary>Reads a backup to its end and checks all of it.</summary>
    /// <exception cref="InvalidDataException">It is not one, or damaged; the message names the file and the entry.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static BackupFacts Verify(string file) => BackupFacts.Of(ImageIn(file));

    /// <summary>Makes a run folder of a backup and returns the new run's id. The journal comes last: without it there is no run.</summary>
    /// <exception cref="InvalidDataException">The backup is damaged; nothing was made.</exception>
    /// <exception cref="IOException">The folder is not empty or cannot be written; nothing is left in it.</exception>
    public static (BackupFacts From, RunId Run) Restore(string file, string folder)
    {
        bool there = Directory.Exists(folder);
        if (File.Exists(folder) || (there && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new IOException($"{folder} is not an empty folder, and nothing is overwritten. Name a new one.");
        }

        var image = ImageIn(file);
        var run = NewId();
        try
        {
            Directory.CreateDirectory(folder);
            DurableFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(folder))!);
            Fill(folder, image, run);
            return (BackupFacts.Of(image), run);
        }
        catch
        {
            Undo(folder, there);
            throw;
        }
    }

    /// <summary>
    /// Gives a run another id, under which it goes on from the committed rounds: for a run folder that turned out to be an older copy. No server may have it.
    /// </summary>
    /// <exception cref="InvalidDataException">The run is damaged.</exception>
    /// <exception cref="IOException">There is no run, a server has it, or it cannot be written.</exception>
    public static RunId Renew(string folder)
    {
        var run = NewId();
        string path = Path.Combine(folder, RunFiles.Journal);
        var (journal, records) = Journal.Open(path);
        using (journal)
        {
            var progress = RunProgress.Replay(records, path);
            journal.Rewrite([Renamed(records[0], progress.Run, run), JournalSnapshot.Of(progress)]);
            BestModel.Rename(folder, progress.Run, run);
        }

        return run;
    }

    private static RunId NewId() => new(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));

    private static V1.JournalRecord Renamed(V1.JournalRecord created, RunId from, RunId to)
    {
        var renamed = created.Clone();
        (renamed.RunCreated.Run, renamed.RunCreated.RestoredFrom) = (Field.Of(to), Field.Of(from));
        return renamed;
    }

    private static RunImage ImageIn(string file) => File.Exists(file)
        ? RunImage.Of(BackupFile.Read(file), name => $"{file}: its entry {name}")
        : throw new FileNotFoundException($"There is no file {file}. Check the path.", file);

    private static void Fill(string folder, RunImage image, RunId run)
    {
        foreach (var entry in image.Entries.Where(e => e.Name != RunFiles.Journal))
        {
            string path = Path.Combine(folder, entry.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (entry.Name == RunFiles.Best)
            {
                var (layout, values, metadata) = CheckpointFile.Read(new MemoryStream(entry.Content), path);
                CheckpointFile.Write(path, layout, () => values, BestModel.OfRun(metadata, run));
            }
            else
            {
                DurableFile.WriteNew(path, stream => stream.Write(entry.Content));
            }
        }

        DurableFile.SyncDirectory(folder);
        var created = Renamed(image.Records[0], image.Progress.Run, run);
        created.RunCreated.Generation = 0;
        DurableFile.WriteNew(
            Path.Combine(folder, RunFiles.Journal), stream => JournalFrames.Write(stream, [created, JournalSnapshot.Of(image.Progress)]));
    }

    private static void Undo(string folder, bool there)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
            if (there)
            {
                Directory.CreateDirectory(folder);
            }
        }
    }

    private static void RequireFree(string file)
    {
        if (File.Exists(file) || Directory.Exists(file))
        {
            throw new IOException($"{file} exists already, and no backup is written over another. Name a new file.");
        }
    }
}
