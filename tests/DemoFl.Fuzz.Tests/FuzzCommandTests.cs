using System.Text.Json;

namespace DemoFl.Fuzz.Tests;

public sealed class FuzzCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("demofl-fuzz-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Invoke_SomeExecutions_WritesTheFiguresAndSucceeds()
    {
        string json = Path.Combine(_folder, "fuzz.json");

        int code = Invoke("--target", "beats", "--executions", "100", "--seed", "5", "--json", json, "--finds", _folder);

        Assert.Equal(0, code);
        var target = JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("targets")[0];
        Assert.Equal("beats", target.GetProperty("name").GetString());
        Assert.True(target.GetProperty("executions").GetInt32() >= 100);
    }

    [Fact]
    public void Invoke_UnknownTarget_IsWrongInput() => Assert.Equal(2, Invoke("--target", "nothing"));

    [Fact]
    public void Invoke_InputThatIsRefused_SucceedsAgain()
    {
        string input = Path.Combine(_folder, "input");
        File.WriteAllBytes(input, [0x1A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x42, 0xF0, 0xFF, 0xFF, 0xFF, 0x07]);

        Assert.Equal(0, Invoke("--target", "server-frames", "--replay", input));
    }

    [Fact]
    public void Invoke_InputThatGrewACorpus_IsKept()
    {
        string corpus = Path.Combine(_folder, "corpus");

        Assert.Equal(0, Invoke("--target", "beats", "--executions", "500", "--finds", _folder, "--keep", corpus, "--keep-most", "3"));

        Assert.InRange(Directory.GetFiles(Path.Combine(corpus, "beats")).Length, 1, 3);
    }

    private static int Invoke(params string[] args) => FuzzCommand.Create().Parse(args).Invoke();
}
