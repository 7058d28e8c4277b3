namespace DemoFl.Cli.Tests.Processes;

/// <summary>A federation set up by hand, as its members would: keys, certificates, a roster, tokens, TLS.</summary>
[Collection(nameof(ProcessCollection))]
public sealed class TourTests : IDisposable
{
    private static readonly string[] Members = ["alice", "bob", "carol"];

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("--federation-key")]
    [InlineData("--roster")]
    public async Task Federation_SetUpByHand_TrainsOverTls(string trust)
    {
        var tokens = await PrepareAsync();
        string[] trusting = [trust, trust == "--roster" ? _folder["roster.txt"] : _folder["ca", "ca.crt"]];
        using var server = StartServer(trusting);
        string address = (await server.EventAsync("listening")).Text("address");
        Assert.StartsWith("https://127.0.0.1:", address, StringComparison.Ordinal);

        var nodes = Members.Select((name, i) => Node(address, name, "ca", tokens[i], ["--parts", "3", "--index", $"{i}", .. trusting])).ToArray();
        try
        {
            foreach (var node in nodes)
            {
                var (exitCode, output, error) = await node.EndAsync();
                Assert.True(exitCode == ExitCode.Success, error + output);
                Assert.Equal(3, node.Events("roundEnded").Count(e => e["aborted"] is null));
            }
        }
        finally
        {
            Array.ForEach(nodes, n => n.Dispose());
        }

        var ended = await server.EndAsync();
        Assert.True(ended.ExitCode == ExitCode.Success, ended.Error);
        Assert.Equal(3, server.Events("round").Length);
    }

    [Fact]
    public async Task Federation_WhoDoesNotBelong_IsRefusedInOneLine()
    {
        var tokens = await PrepareAsync();
        await KeysAsync("ca --name Other --out", _folder["other"]);
        await KeysAsync("node --name mallory --out", _folder["keys"]);
        string[] trusting = ["--roster", _folder["roster.txt"]];
        using var server = StartServer(trusting);
        string address = (await server.EventAsync("listening")).Text("address");

        await RefusedAsync(Node(address, "alice", "other", tokens[0], trusting), "No trusted TLS connection", "--tls-ca");
        await RefusedAsync(Node(address, "mallory", "ca", tokens[0], trusting), "Not admitted", "mallory");
        await RefusedAsync(Node(address, "alice", "ca", "demofl-join-nothing", trusting), "join token", "--token");
        await RefusedAsync(Node(address.Replace("https", "http", StringComparison.Ordinal), "alice", "ca", tokens[0], trusting), "use https://");

        var known = await Demofl.RunAsync("status --tls-ca", _folder["ca", "ca.crt"], "--server", address);
        Assert.True(known.ExitCode == ExitCode.Success, known.Error);
        Assert.Contains("Gathering", known.Output, StringComparison.Ordinal);
        var unknown = await Demofl.RunAsync("status --tls-ca", _folder["other", "ca.crt"], "--server", address);
        Assert.Equal(ExitCode.Refused, unknown.ExitCode);
        Assert.Contains("--tls-ca", unknown.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task KeysAsync(string line, params string[] more)
    {
        var words = (string[])[.. line.Split(' '), .. more];
        await Commands.KeysCommand.Create().RunAsync(words);
    }

    private static async Task RefusedAsync(Demofl node, params string[] words)
    {
        using (node)
        {
            var (exitCode, output, error) = await node.EndAsync();
            Assert.True(exitCode == ExitCode.Refused, $"{exitCode}: {error}");
            Assert.Empty(output);
            Assert.Equal(1, error.Count(c => c == '\n'));
            Assert.All(words, word => Assert.Contains(word, error, StringComparison.Ordinal));
        }
    }

    /// <summary>Authority, server, members and roster; gives each member's token.</summary>
    private async Task<string[]> PrepareAsync()
    {
        await KeysAsync("ca --name Hospitals --out", _folder["ca"]);
        await KeysAsync("server --host 127.0.0.1 --out", _folder["server"], "--ca", _folder["ca"]);
        var tokens = new List<string>();
        foreach (string member in Members)
        {
            await KeysAsync($"node --name {member} --out", _folder["keys"], "--ca", _folder["ca"]);
            var (token, _) = await Commands.KeysCommand.Create().RunAsync("token", "--out", _folder["tokens.txt"]);
            tokens.Add(token.Trim());
        }

        await KeysAsync("roster --out", [_folder["roster.txt"], _folder["server", "server.pub"], .. Members.Select(m => _folder["keys", $"{m}.pub"])]);
        return [.. tokens];
    }

    private Demofl StartServer(string[] trust) => Demofl.Start(
        "server --json --port 0",
        [
            "--folder", _folder["run"], "--key", _folder["server", "server.key"], "--tls-cert", _folder["server", "server-tls.crt"], "--tls-key",
            _folder["server", "server-tls.key"], "--tokens", _folder["tokens.txt"], .. trust, .. Small.Job(),
        ]);

    private Demofl Node(string address, string name, string authority, string token, string[] more) => Demofl.Start(
        "node --json",
        [
            "--server", address, "--name", name, "--keys", _folder["keys"], "--tls-ca", _folder[authority, "ca.crt"], "--token", token, "--data", Small.Data,
            .. more,
        ]);
}
