using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace DemoFl.Learning;

/// <summary>
/// Fetches public data sets from the first mirror that delivers what the pinned hash says. A file appears under its name only when it is
/// whole and verified (temporary file, then rename). Thread-safe for different directories.
/// </summary>
public sealed class DatasetDownload
{
    /// <summary>A mirror that sends nothing for this long by default is given up.</summary>
    public static readonly TimeSpan DefaultStallTimeout = TimeSpan.FromSeconds(30);

    private const int BufferBytes = 64 * 1024;

    private readonly HttpClient _http;
    private readonly TimeSpan _stallTimeout;

    /// <param name="http">The client to fetch with; its Timeout should be infinite, as stalls are watched here.</param>
    /// <param name="stallTimeout">How long a mirror may send nothing; <see cref="DefaultStallTimeout"/> if null.</param>
    public DatasetDownload(HttpClient http, TimeSpan? stallTimeout = null)
    {
        _http = http;
        _stallTimeout = stallTimeout ?? DefaultStallTimeout;
    }

    /// <summary>
    /// Fetches the files that are not there yet (or not what they should be) into the directory, which is created if need be.
    /// </summary>
    /// <exception cref="IOException">No mirror delivered a file; the message says what each did.</exception>
    public async Task FetchAsync(
        IReadOnlyList<DownloadFile> files, string directory, IProgress<DownloadProgress>? progress, CancellationToken ct)
    {
        Directory.CreateDirectory(directory);
        foreach (var file in files)
        {
            if (!await IsPresentAsync(file, directory, ct)) await FetchFileAsync(file, directory, progress, ct);
        }
    }

    private static async Task<bool> IsPresentAsync(DownloadFile file, string directory, CancellationToken ct)
    {
        // Members have no hashes of their own; they were written whole from a verified archive.
        if (!file.Members.IsEmpty) return file.Members.All(member => File.Exists(Path.Combine(directory, member)));

        var path = Path.Combine(directory, file.FileName);
        return File.Exists(path) && await VerifyAsync(file, path, ct) is null;
    }

    private async Task FetchFileAsync(DownloadFile file, string directory, IProgress<DownloadProgress>? progress, CancellationToken ct)
    {
        var target = Path.Combine(directory, file.FileName);
        var part = $"{target}.{Environment.ProcessId}.part";
        var failures = new List<string>();
        try
        {
            foreach (var mirror in file.Mirrors)
            {
                var failure = await TryMirrorAsync(file, mirror, part, progress, ct);
                if (failure is not null)
                {
                    failures.Add($"{mirror}: {failure}");
                    continue;
                }

                if (file.Members.IsEmpty) File.Move(part, target, overwrite: true);
                else await UnpackAsync(file, part, directory, ct);
                return;
            }
        }
        finally
        {
            File.Delete(part);
        }

        throw new IOException(
            $"No mirror delivered {file.FileName}. {string.Join("; ", failures)}. Try again "
            + $"later, or fetch it by hand and put it into {directory}.");
    }

    /// <summary>Nothing, or why this mirror did not deliver.</summary>
    private async Task<string?> TryMirrorAsync(
        DownloadFile file, Uri mirror, string part, IProgress<DownloadProgress>? progress, CancellationToken ct)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            stall.CancelAfter(_stallTimeout);
            var failure = await ReceiveAsync(file, mirror, part, progress, stall);
            return failure ?? await VerifyAsync(file, part, ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"sent nothing for {_stallTimeout.TotalSeconds:0.#} s";
        }
        catch (Exception error) when (error is HttpRequestException or HttpIOException)
        {
            return error.Message;
        }
    }

    private async Task<string?> ReceiveAsync(
        DownloadFile file, Uri mirror, string part, IProgress<DownloadProgress>? progress, CancellationTokenSource stall)
    {
        using var response = await _http.GetAsync(mirror, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        if (!response.IsSuccessStatusCode) return $"answered {(int)response.StatusCode} {response.ReasonPhrase}";

        var total = response.Content.Headers.ContentLength;
        if (total > file.MaxBytes) return $"offers {total} bytes, at most {file.MaxBytes} are accepted";

        await using var body = await response.Content.ReadAsStreamAsync(stall.Token);
        await using var output = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var buffer = new byte[BufferBytes];
        long received = 0;
        while (true)
        {
            stall.CancelAfter(_stallTimeout);
            var read = await body.ReadAsync(buffer, stall.Token);
            if (read == 0) break;
            received += read;
            if (received > file.MaxBytes) return $"sent more than {file.MaxBytes} bytes";
            await output.WriteAsync(buffer.AsMemory(0, read), stall.Token);
            progress?.Report(new DownloadProgress(file.FileName, received, total));
        }

        output.Flush(flushToDisk: true);
        return null;
    }

    /// <summary>Nothing, or what is wrong with the file.</summary>
    private static async Task<string?> VerifyAsync(DownloadFile file, string path, CancellationToken ct)
    {
        try
        {
            await using var raw = File.OpenRead(path);
            await using Stream content = file.HashesDecompressed ? new GZipStream(raw, CompressionMode.Decompress) : raw;
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[BufferBytes];
            long length = 0;
            int read;
            while ((read = await content.ReadAsync(buffer, ct)) > 0)
            {
                length += read;
                if (length > file.MaxBytes) return $"unpacks to more than {file.MaxBytes} bytes";
                hash.AppendData(buffer, 0, read);
            }

            var actual = Convert.ToHexStringLower(hash.GetHashAndReset());
            return actual == file.Sha256 ? null : $"sent other bytes than expected (SHA-256 {actual}, not {file.Sha256})";
        }
        catch (InvalidDataException error)
        {
            return $"sent a damaged gzip file ({error.Message})";
        }
    }

    private static async Task UnpackAsync(DownloadFile file, string archive, string directory, CancellationToken ct)
    {
        var missing = file.Members.ToHashSet(StringComparer.Ordinal);
        await using var raw = File.OpenRead(archive);
        await using var unzipped = new GZipStream(raw, CompressionMode.Decompress);
        await using var tar = new TarReader(unzipped);
        while (missing.Count > 0 && await tar.GetNextEntryAsync(cancellationToken: ct) is { } entry)
        {
            // Only the expected names are ever written, whatever paths the archive has.
            var name = Path.GetFileName(entry.Name);
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !missing.Remove(name)) continue;

            var target = Path.Combine(directory, name);
            var part = $"{target}.{Environment.ProcessId}.part";
            await entry.ExtractToFileAsync(part, overwrite: true, ct);
            File.Move(part, target, overwrite: true);
        }

        if (missing.Count > 0) throw new IOException($"{file.FileName} has no {string.Join(", ", missing.Order(StringComparer.Ordinal))}.");
    }
}
