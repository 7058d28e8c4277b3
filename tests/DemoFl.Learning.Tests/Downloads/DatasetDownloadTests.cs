using System.Formats.Tar;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace DemoFl.Learning.Tests.Downloads;

public sealed class DatasetDownloadTests : IAsyncDisposable
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 50_000)));

    private readonly TemporaryDirectory _directory = new();
    private readonly MirrorServer _server = new();
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    [Fact]
    public async Task Fetch_GoodMirror_WritesTheFileAndReportsProgress()
    {
        var reports = new List<DownloadProgress>();
        await FetchAsync(File(Content, _server.Serve("/a", Content)), new Callback(reports.Add));

        Assert.Equal(Content, await System.IO.File.ReadAllBytesAsync(Target));
        Assert.Equal(new DownloadProgress("set.bin", Content.Length, Content.Length), reports[^1]);
        Assert.Equal([Target], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Fetch_BadMirrors_GoesOnToTheNext()
    {
        var corrupt = Content.ToArray();
        corrupt[1000] ^= 1;

        // Bound, but not listening: whoever connects is refused.
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var file = File(
            Content,
            _server.ServeStatus("/missing", 404),
            _server.Serve("/corrupt", corrupt),
            _server.ServeTruncated("/truncated", Content),
            new Uri($"http://{closed.LocalEndPoint}/refused"),
            _server.Serve("/good", Content));

        await FetchAsync(file);

        Assert.Equal(["/missing", "/corrupt", "/truncated", "/good"], _server.Requests);
        Assert.Equal(Content, await System.IO.File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task Fetch_NoGoodMirror_SaysWhatEachDidAndLeavesNothing()
    {
        byte[] endless = [.. Content, .. Content];
        var file = File(
            Content,
            _server.ServeStatus("/missing", 404),
            _server.Serve("/corrupt", Content[1..]),
            _server.Serve("/long", endless),
            _server.ServeUnannounced("/unannounced", endless));

        var error = await Assert.ThrowsAsync<IOException>(() => FetchAsync(file));

        Assert.Contains("/missing: answered 404", error.Message, StringComparison.Ordinal);
        Assert.Contains("/corrupt: sent other bytes than expected", error.Message, StringComparison.Ordinal);
        Assert.Contains($"/long: offers {endless.Length} bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("/unannounced: sent more than", error.Message, StringComparison.Ordinal);
        Assert.Contains("by hand", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Fetch_SilentMirror_IsGivenUp()
    {
        var download = new DatasetDownload(_http, TimeSpan.FromMilliseconds(200));
        var file = File(Content, _server.ServeSilence("/silent"));
        var error = await Assert.ThrowsAsync<IOException>(() => download.FetchAsync([file], _directory.Path, null, CancellationToken.None));
        Assert.Contains("/silent: sent nothing for 0.2 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_FileIsThere_AsksNobodyUnlessItIsWrong()
    {
        var file = File(Content, _server.Serve("/a", Content));
        await FetchAsync(file);
        await FetchAsync(file);
        Assert.Single(_server.Requests);

        _directory.Write("set.bin", "damaged");
        await FetchAsync(file);
        Assert.Equal(2, _server.Requests.Count);
        Assert.Equal(Content, await System.IO.File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task Fetch_GzipWithPinnedContent_AcceptsAnyCompression()
    {
        var file = File(Content, _server.Serve("/broken", Content), _server.Serve("/a", TemporaryDirectory.Gzip(Content)));
        await FetchAsync(file with { HashesDecompressed = true });
        Assert.Equal(["/broken", "/a"], _server.Requests);
    }

    [Fact]
    public async Task Fetch_Archive_UnpacksOnlyTheExpectedMembers()
    {
        var archive = Archive(("folder/a.bin", "first"), ("../../escape.bin", "evil"), ("folder/b.bin", "second"), ("folder/readme", "no"));
        var file = File(archive, _server.Serve("/set.tar.gz", archive)) with { FileName = "set.tar.gz", Members = ["a.bin", "b.bin"] };

        await FetchAsync(file);

        Assert.Equal(["a.bin", "b.bin"], Directory.GetFiles(_directory.Path).Select(Path.GetFileName).Order());
        Assert.Equal("second", await System.IO.File.ReadAllTextAsync(Path.Combine(_directory.Path, "b.bin")));
        await FetchAsync(file);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Fetch_ArchiveWithoutAMember_SaysWhich()
    {
        var archive = Archive(("a.bin", "first"));
        var file = File(archive, _server.Serve("/set.tar.gz", archive)) with { FileName = "set.tar.gz", Members = ["a.bin", "b.bin"] };
        var error = await Assert.ThrowsAsync<IOException>(() => FetchAsync(file));
        Assert.Contains("has no b.bin", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_Cancelled_StopsAndLeavesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        var file = File(Content, _server.Serve("/a", Content));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new DatasetDownload(_http).FetchAsync(
            [file], _directory.Path, new Callback(_ => cancellation.Cancel()), cancellation.Token));
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Named_KnownSets_HaveSecureMirrorsAndWholeHashes()
    {
        foreach (var file in (DownloadFile[])[.. PublicDatasets.Named("mnist"), .. PublicDatasets.Named("cifar10")])
        {
            Assert.True(file.Mirrors.Length >= 2);
            Assert.All(file.Mirrors, mirror => Assert.Equal("https", mirror.Scheme));
            Assert.Matches("^[0-9a-f]{64}$", file.Sha256);
        }

        Assert.Throws<FormatException>(() => PublicDatasets.Named("imagenet"));
    }

    [DataFact("mnist")]
    public async Task Fetch_GenuineMnistFromAMirror_PassesThePinnedHashes()
    {
        var source = DataFactAttribute.PathOf("mnist");
        var files = PublicDatasets.Mnist.Select(file => file with
        {
            Mirrors = [_server.Serve("/" + file.FileName, System.IO.File.ReadAllBytes(Path.Combine(source, file.FileName)))],
        });
        await new DatasetDownload(_http).FetchAsync([.. files], _directory.Path, null, CancellationToken.None);
        Assert.Equal(4, Directory.GetFiles(_directory.Path).Length);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    private string Target => Path.Combine(_directory.Path, "set.bin");

    private Task FetchAsync(DownloadFile file, IProgress<DownloadProgress>? progress = null) =>
        new DatasetDownload(_http).FetchAsync([file], _directory.Path, progress, CancellationToken.None);

    private static DownloadFile File(byte[] content, params Uri[] mirrors) =>
        new("set.bin", [.. mirrors], Convert.ToHexStringLower(SHA256.HashData(content)), false, content.Length + 100, []);

    private static byte[] Archive(params (string Name, string Content)[] members)
    {
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer, leaveOpen: true))
        {
            foreach (var (name, content) in members)
            {
                var body = new MemoryStream(Encoding.ASCII.GetBytes(content));
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = body });
            }
        }

        return TemporaryDirectory.Gzip(buffer.ToArray());
    }

    private sealed class Callback(Action<DownloadProgress> action) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => action(value);
    }
}
