using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace DemoFl.Chaos.Network;

/// <summary>A disk of its own at a folder, small enough to be filled up: a tmpfs, which root may mount. Dispose unmounts it, whoever uses it still.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int FillBytes = 64 * 1024;

    private readonly string _filler;

    private SmallDisk(string path) => (Path, _filler) = (path, System.IO.Path.Combine(path, "somebody-elses-file"));

    public string Path { get; }

    /// <summary>Why there can be no such disk here, as what it needs; null when there can.</summary>
    public static async Task<string?> MissingAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Linux, for a tmpfs";
        }

        string probe = Directory.CreateTempSubdirectory("demofl-chaos-disk-").FullName;
        try
        {
            await (await MountAsync(probe, 1 << 16)).DisposeAsync();
            return null;
        }
        catch (Exception e) when (e is IOException or Win32Exception)
        {
            return $"a tmpfs, which root may mount ({e.Message})";
        }
        finally
        {
            Directory.Delete(probe);
        }
    }

    /// <summary>Mounts an empty disk at a folder, which is made if it is not there.</summary>
    /// <exception cref="IOException">The system does not let us.</exception>
    public static async Task<SmallDisk> MountAsync(string path, int bytes)
    {
        Directory.CreateDirectory(path);
        await RunAsync("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={bytes},mode=700"), "tmpfs", path);
        return new SmallDisk(path);
    }

    /// <summary>Fills the disk with a file, all but so many bytes.</summary>
    public void Fill(int allBut)
    {
        using var file = new FileStream(_filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(new byte[FillBytes]);
            }
        }
        catch (IOException)
        {
            // Full. What a write left of its bytes counts.
            file.SetLength(Math.Max(0, new FileInfo(_filler).Length - allBut));
        }
    }

    /// <summary>Takes that file away.</summary>
    public void Free() => File.Delete(_filler);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Lazily: a process that is about to end may still have files open there.
        await RunAsync("umount", "--lazy", Path);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new IOException(said.Trim());
        }
    }
}
