using DemoFl.Cli.Commands;
using DemoFl.Cli.Jobs;

namespace DemoFl.Cli.Runs;

/// <summary>Looks at the folder of a run that is to be, and leaves nothing there.</summary>
internal static class RunPlace
{
    /// <summary>What keeps a run from starting or going on there. Whether the journal is whole is seen when the run goes on.</summary>
    public static IEnumerable<string> Problems(string folder, bool resume, JobValues job)
    {
        string journal = Path.Combine(folder, "journal");
        if (resume && !File.Exists(journal))
        {
            return [$"There is no run to resume in {folder}. Start one without --resume."];
        }

        if (!resume && File.Exists(journal))
        {
            return [$"The folder {folder} already holds a run. Go on with it by --resume, or name another folder."];
        }

        if (Unwritable(folder) is { } unwritable)
        {
            return [$"--folder {folder} cannot be used: {unwritable}"];
        }

        return resume ? [.. InUse(journal), .. Changes(folder, job)] : [];
    }

    /// <summary>Makes a folder that an option names.</summary>
    /// <exception cref="CliException">Nothing can be written there.</exception>
    public static void Make(string folder, string option)
    {
        if (Unwritable(folder) is { } unwritable)
        {
            throw new CliException($"{option} {folder} cannot be used: {unwritable}");
        }

        Directory.CreateDirectory(folder);
    }

    /// <summary>Why files cannot be made in a folder, which need not be there yet, and what to do; null when they can.</summary>
    public static string? Unwritable(string folder)
    {
        string place = Nearest(folder);
        if (File.Exists(place))
        {
            return $"{place} is a file. Name a folder.";
        }

        try
        {
            using var probe = new FileStream(
                Path.Combine(place, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"nothing can be written in {place}, {MachineFailure.Reason(e)}. Name a folder that can be written.";
        }
    }

    public static long FreeBytes(string folder) => new DriveInfo(Nearest(folder)).AvailableFreeSpace;

    /// <summary>The folder itself, or the nearest above it that is there.</summary>
    private static string Nearest(string folder)
    {
        string? place = Path.GetFullPath(folder);
        while (place is not null && !Path.Exists(place))
        {
            place = Path.GetDirectoryName(place);
        }

        return place ?? throw new DirectoryNotFoundException($"There is nothing above {folder}.");
    }

    /// <summary>A server holds this file as long as it runs.</summary>
    private static IEnumerable<string> InUse(string journal)
    {
        string held = $"{journal}.lock";
        try
        {
            using var file = File.Exists(held) ? new FileStream(held, FileMode.Open, FileAccess.Read, FileShare.Read) : null;
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [$"{held} cannot be opened, {MachineFailure.Reason(e)}: its run may be still going on. Stop that one first."];
        }
    }

    /// <summary>Every key that shapes a run and has another value now. A run whose server never listened left no job behind.</summary>
    public static IEnumerable<string> Changes(string folder, JobValues job)
    {
        var before = JobRecord.Read(folder);
        return JobSettings.All.Where(s => s.Shapes && before.TryGetValue(s.Key, out string? old) && old != job.Texts[s.Key])
            .Select(s => $"{s.Key} is {job.Texts[s.Key]}, and the run in {folder} has {before[s.Key]}; it must stay the same. Set it back, or start another run.");
    }
}
