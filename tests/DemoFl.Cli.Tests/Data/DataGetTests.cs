using System.Security.Cryptography;
using System.Text;
using DemoFl.Cli.Commands;
using DemoFl.Learning;

namespace DemoFl.Cli.Tests.Data;

public sealed class DataGetTests : IDisposable
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes("the only file of a small set");

    private static readonly DownloadFile File = new(
        "set.bin", [new Uri("http://127.0.0.1:1/never-asked/set.bin")], Convert.ToHexStringLower(SHA256.HashData(Content)), false, 1_000,
        []);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Get_FromMirror_FetchesThenKeeps()
    {
        await using var server = await FileServer.StartAsync(new Dictionary<string, byte[]> { ["/sets/set.bin"] = Content });
        string[] args = ["small", "--out", _folder["set"], "--mirror", $"{server.Address}/sets/"];

        var first = await Small().FactsAsync(args);
        Assert.Equal($"small:{_folder["set"]}", first.Text("spec"));
        Assert.Equal("set.bin", Assert.Single(first["fetched"]!.AsArray())!.GetValue<string>());
        Assert.Equal(Content, await System.IO.File.ReadAllBytesAsync(_folder["set", "set.bin"]));

        var (second, error) = await Small().RunAsync(args);
        Assert.Contains("was complete already", second, StringComparison.Ordinal);
        Assert.Empty(error);
        Assert.Equal(["/sets/set.bin"], server.Requests);
    }

    [Fact]
    public async Task Get_DamagedFile_FetchesItAgain()
    {
        await using var server = await FileServer.StartAsync(new Dictionary<string, byte[]> { ["/set.bin"] = Content });
        _folder.Write("set.bin", "damaged");
        var (output, _) = await Small().RunAsync("small", "--out", _folder.Path, "--mirror", server.Address);
        Assert.Contains("fetched set.bin", output, StringComparison.Ordinal);
        Assert.Equal(Content, await System.IO.File.ReadAllBytesAsync(_folder["set.bin"]));
    }

    [Fact]
    public async Task Get_MirrorsWithoutTheRightFile_FailsNamingFileMirrorAndFix()
    {
        await using var server = await FileServer.StartAsync(new Dictionary<string, byte[]> { ["/wrong/set.bin"] = [1, 2, 3] });
        await Small().RefusesAsync(
            ["small", "--out", _folder["set"], "--mirror", $"{server.Address}/gone", $"{server.Address}/wrong"],
            ExitCode.Failed,
            "set.bin", "/gone/set.bin: answered 404", "/wrong/set.bin: sent other bytes", "--mirror");
        Assert.Empty(_folder.Files);
    }

    [Theory]
    [InlineData("mirror.example.org")]
    [InlineData("file:///etc")]
    public async Task Get_MirrorThatIsNoWebAddress_Refuses(string mirror) =>
        await Small().RefusesAsync(
            ["small", "--out", _folder["set"], "--mirror", mirror], ExitCode.Usage, $"--mirror '{mirror}'", "https://");

    [Fact]
    public async Task Get_UnknownSet_NamesTheKnownOnes() =>
        await DataCommand.Create().RefusesAsync(["get", "imagenet"], ExitCode.Usage, "'imagenet'", "'mnist'", "'cifar10'");

    [DataFact("mnist")]
    public async Task Get_GenuineMnist_PassesThePinnedHashesAndLoads()
    {
        var source = DataFactAttribute.PathOf("mnist");
        var files = PublicDatasets.Mnist.ToDictionary(
            file => $"/{file.FileName}", file => System.IO.File.ReadAllBytes(Path.Combine(source, file.FileName)));
        await using var server = await FileServer.StartAsync(files);
        var facts = await DataCommand.Create().FactsAsync("get", "mnist", "--out", _folder["mnist"], "--mirror", server.Address);
        Assert.Equal(60_000, Datasets.Load(facts.Text("spec")).Train.Count);
    }

    public void Dispose() => _folder.Dispose();

    private static System.CommandLine.Command Small() => DataGet.Create(name => name == "small" ? [File] : []);
}
