using DemoFl.Cli.Commands;
using DemoFl.Identity;

namespace DemoFl.Cli.Tests.Keys;

public sealed class RosterAndTokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Roster_MadeThenExtended_KeepsOrderAndComments()
    {
        await MakeNodesAsync("alice", "bob", "carol");
        await RunAsync("roster", "--out", _folder["roster.txt"], _folder["alice.pub"], _folder["bob.pub"]);
        await File.AppendAllTextAsync(_folder["roster.txt"], "# agreed on 1 March, ids compared by phone");
        var facts = await KeysCommand.Create().FactsAsync("roster", "--out", _folder["roster.txt"], _folder["carol.pub"]);

        Assert.Equal(["alice", "bob", "carol"], Roster.Load(_folder["roster.txt"]).Entries.Select(entry => entry.Name));
        Assert.Contains("# agreed on 1 March", await File.ReadAllTextAsync(_folder["roster.txt"]), StringComparison.Ordinal);
        Assert.Equal(3, facts["entries"]!.AsArray().Count);
    }

    [Fact]
    public async Task Roster_NameOrKeyIsThereAlready_RefusesAndChangesNothing()
    {
        await MakeNodesAsync("alice", "bob");
        await RunAsync("roster", "--out", _folder["roster.txt"], _folder["alice.pub"]);
        var before = await File.ReadAllTextAsync(_folder["roster.txt"]);

        _folder.Write("again.pub",
            (await File.ReadAllTextAsync(_folder["alice.pub"])).Replace("alice", "alice2", StringComparison.Ordinal));
        foreach (var (duplicate, complaint) in new[] { ("alice.pub", "the name 'alice'"), ("again.pub", "as 'alice'") })
        {
            await RefusesAsync(
                ["roster", "--out", _folder["roster.txt"], _folder["bob.pub"], _folder[duplicate]],
                _folder[duplicate], _folder["roster.txt"], complaint, "unchanged");
        }

        Assert.Equal(before, await File.ReadAllTextAsync(_folder["roster.txt"]));
    }

    [Fact]
    public async Task Roster_PrivateKeyInPlaceOfTheLine_IsRefusedWithoutShowingIt()
    {
        await MakeNodesAsync("alice");
        var secret = (await File.ReadAllLinesAsync(_folder["alice.key"]))[1];
        var refusal = await Assert.ThrowsAsync<CliException>(
            () => RunAsync("roster", "--out", _folder["roster.txt"], _folder["alice.key"]));
        Assert.Contains(_folder["alice.key"], refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["roster.txt"]));
    }

    [Fact]
    public async Task Token_Made_AdmitsOneNodeAndIsNowhereInTheFile()
    {
        var (first, hint) = await KeysCommand.Create().RunAsync("token", "--out", _folder["tokens.txt"]);
        var second = (await KeysCommand.Create().FactsAsync("token", "--out", _folder["tokens.txt"])).Text("token");

        var tokens = JoinTokens.Load(_folder["tokens.txt"]);
        Assert.All([first.TrimEnd('\n'), second], token => Assert.True(tokens.Admits(token)));
        Assert.False(tokens.Admits("demofl-join-another"));
        Assert.DoesNotContain(first.Trim(), await File.ReadAllTextAsync(_folder["tokens.txt"]), StringComparison.Ordinal);
        Assert.DoesNotContain(first.Trim(), hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_IntoAnotherKindOfFile_RefusesAndChangesNothing()
    {
        await MakeNodesAsync("alice");
        var before = await File.ReadAllTextAsync(_folder["alice.pub"]);
        await RefusesAsync(["token", "--out", _folder["alice.pub"]], _folder["alice.pub"], "not a valid token file");
        Assert.Equal(before, await File.ReadAllTextAsync(_folder["alice.pub"]));
    }

    [Fact]
    public async Task Show_EachKindOfFile_SaysTheSameIdAndNothingSecret()
    {
        await RunAsync("ca", "--name", "North", "--out", _folder["ca"], "--days", "3");
        await RunAsync("node", "--name", "alice", "--out", _folder.Path, "--ca", _folder["ca"]);
        var key = await ShowAsync("alice.key");
        var certificate = await ShowAsync("alice.crt");
        var roster = await ShowAsync("alice.pub");

        Assert.Equal(("private key", "node certificate", "roster"), (key.Text("kind"), certificate.Text("kind"), roster.Text("kind")));
        Assert.Equal(key.Text("id"), certificate.Text("id"));
        Assert.Equal(key.Text("id"), roster["entries"]![0]!["id"]!.GetValue<string>());
        Assert.Equal($"alice-{key.Text("id")[..8]}", key.Text("shortId"));
        Assert.Equal(("alice", "North", "valid for 2 more days"),
            (certificate.Text("subject"), certificate.Text("issuer"), certificate.Text("validity")));
        Assert.Equal("authority certificate", (await ShowAsync("ca/ca.crt")).Text("kind"));

        var (text, _) = await KeysCommand.Create().RunAsync("show", _folder["alice.key"]);
        foreach (var line in (await File.ReadAllLinesAsync(_folder["alice.key"]))[1..3])
            Assert.DoesNotContain(line, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_ExpiredCertificate_SaysSo()
    {
        using var authority = FederationAuthority.CreateAuthority(
            "old", TimeSpan.FromDays(1), new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        PemFiles.SaveCertificate(_folder["old.crt"], authority);
        var facts = await ShowAsync("old.crt");
        Assert.Equal(("expired", "2020-01-02T00:00:00Z"), (facts.Text("validity"), facts.Text("notAfter")));
    }

    [Fact]
    public async Task Show_ExpiredAuthority_IssuesNothingAndSaysWhatToDo()
    {
        using var authority = FederationAuthority.CreateAuthority(
            "old", TimeSpan.FromDays(1), new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        PemFiles.SaveCertificate(_folder["ca.crt"], authority);
        PemFiles.SavePrivateKey(_folder["ca.key"], authority);
        await RefusesAsync(["node", "--name", "alice", "--out", _folder["keys"], "--ca", _folder.Path], "2020-01-02", "demofl keys ca");
    }

    [Fact]
    public async Task Show_NeitherKeyNorRoster_NamesFileAndLine()
    {
        await RefusesAsync(["show", _folder["none.key"]], _folder["none.key"], "does not exist");
        await RefusesAsync(["show", _folder.Write("notes.txt", "hello\n")], _folder["notes.txt"], "Line 1");
    }

    public void Dispose() => _folder.Dispose();

    private async Task MakeNodesAsync(params string[] names)
    {
        foreach (var name in names) await RunAsync("node", "--name", name, "--out", _folder.Path);
    }

    private Task<System.Text.Json.Nodes.JsonObject> ShowAsync(string file) => KeysCommand.Create().FactsAsync("show", _folder[file]);

    private static Task<(string Output, string Error)> RunAsync(params string[] args) => KeysCommand.Create().RunAsync(args);

    private static Task RefusesAsync(string[] args, params string[] words) =>
        KeysCommand.Create().RefusesAsync(args, ExitCode.Usage, words);
}
