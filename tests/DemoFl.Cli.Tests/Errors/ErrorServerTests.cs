using DemoFl.Cli.Tests.Processes;
using DemoFl.Identity;
using DemoFl.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace DemoFl.Cli.Tests.Errors;

/// <summary>What a server and a node have against each other, from a server process.</summary>
[Collection(nameof(ConsoleCollection))]
public sealed class ErrorServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Node_WhoIsNotAdmittedByRosterOrToken_IsToldWhyAndWhatToDo()
    {
        using var alice = IdentityKey.Create();
        Directory.CreateDirectory(_folder["keys"]);
        alice.Save(_folder["keys", "alice.key"]);
        Roster.Empty.With(new RosterEntry("alice", alice.PublicKey)).Save(_folder["roster.txt"]);
        JoinTokens.Append(_folder["tokens.txt"], JoinTokens.Generate());
        using var server = Demofl.Start(
            "server --json --port 0",
            ["--folder", _folder["run"], "--roster", _folder["roster.txt"], "--tokens", _folder["tokens.txt"], .. Small.Job("data=" + Bad.Grey)]);
        string address = (await server.EventAsync("listening")).Text("address");

        await SaysAsync(
            "Not admitted: '{node}' is not in the roster. Add its line to the roster if it belongs.", address, "mallory", "--roster", _folder["roster.txt"]);
        await SaysAsync(
            "Not admitted: the join token is not known or another node used it; ask the server's operator for one and pass it by --token.",
            address, "alice", "--token", "demofl-join-nothing", "--roster", _folder["roster.txt"]);
    }

    [Theory]
    [InlineData(-20, "Not admitted: The certificate of '{node}' expired at {time}. Have the federation authority issue a new one.")]
    [InlineData(5, "Not admitted: The certificate of '{node}' is not valid before {time}. Check the clocks.")]
    [InlineData(0, "Not admitted: '{node}' shows no certificate. Have the federation authority issue one.")]
    public async Task Node_CertificateOutOfItsTimeOrNone_IsToldSo(int fromDays, string row)
    {
        var now = DateTimeOffset.UtcNow;
        using var authority = FederationAuthority.CreateAuthority("x", TimeSpan.FromDays(90), now.AddDays(-40));
        PemFiles.SaveCertificate(_folder["ca.crt"], authority);
        Directory.CreateDirectory(_folder["keys"]);
        using var alice = IdentityKey.Create();
        alice.Save(_folder["keys", "alice.key"]);
        if (fromDays != 0)
        {
            using var certificate = FederationAuthority.IssueNode(authority, "alice", alice.PublicKey, TimeSpan.FromDays(10), now.AddDays(fromDays));
            PemFiles.SaveCertificate(_folder["keys", "alice.crt"], certificate);
        }

        using var server = Demofl.Start(
            "server --json --port 0", ["--folder", _folder["run"], "--federation-key", _folder["ca.crt"], .. Small.Job("data=" + Bad.Grey)]);
        await SaysAsync(row, (await server.EventAsync("listening")).Text("address"), "alice", "--federation-key", _folder["ca.crt"]);
    }

    [Fact]
    public async Task Node_WhoseOwnerOrDataDoNotAgree_SaysWhatToChange()
    {
        using var server = Demofl.Start("server --json --port 0", ["--folder", _folder["run"], .. Small.Job("data=" + Bad.Grey)]);
        string address = (await server.EventAsync("listening")).Text("address");
        await SaysAsync(
            "{node} does not take part: the federation has {n} leaders, fewer than this node's floor of {n}; raise 'leaders' in the job, or lower --min-leaders.",
            address, "alice", "--min-leaders", "4");
        await SaysAsync(
            "{node} does not take part: k_min is {n}, below this node's floor of {n}; raise 'k-min' in the job, or lower --min-k.", address, "alice", "--min-k", "4");
        await SaysAsync(
            "{node} does not take part: the federation trains on {shape} inputs in {n} classes; this node's data are {shape} in {n}; prepare them alike, or name others by --data.",
            address, "alice", "--data", "generated:train=9,test=9,size=7,classes=3");
    }

    [Fact]
    public async Task Node_PlainRun_AsksForTheOwnersWord()
    {
        using var server = Demofl.Start("server --json --port 0", ["--folder", _folder["run"], .. Small.Job("data=" + Bad.Grey, "layout=plain")]);
        await SaysAsync(
            "{node} does not take part: the layout is plain, which shows updates to the server; start the node with --allow-plain to accept that.",
            (await server.EventAsync("listening")).Text("address"), "alice");
    }

    /// <summary>The server speaks first of versions: a node of another release, older or newer, hears both numbers in its own words' place.</summary>
    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    public async Task Node_OfAnotherProtocolVersion_IsToldBothVersions(uint version)
    {
        using var server = Demofl.Start("server --json --port 0", ["--folder", _folder["run"], .. Small.Job("data=" + Bad.Grey)]);
        using var channel = GrpcChannel.ForAddress((await server.EventAsync("listening")).Text("address"));
        using var call = new Coordinator.CoordinatorClient(channel).Attend();
        await call.RequestStream.WriteAsync(new NodeFrame { Join = new JoinRequest { ProtocolVersion = version } });
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

        // What a node makes of a refusal is its detail and this exit code.
        ErrorTable.AssertSays(
            "Not admitted: the node speaks protocol version {n}, the server {n}; run the same release on both.", ExitCode.Refused, refusal.Status.Detail);
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Contains($"version {version}, the server 1;", refusal.Status.Detail, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task SaysAsync(string row, string address, string name, params string[] more)
    {
        string[] data = more.Contains("--data") ? [] : ["--data", Bad.Grey];
        var (exitCode, output, error) = await ConsoleRun.InvokeAsync(["node", "--server", address, "--name", name, "--keys", _folder["keys"], .. data, .. more]);

        // Without a roster or federation key, the first line says what first use is worth.
        string last = error.TrimEnd('\n').Split('\n')[^1];
        ErrorTable.AssertSays(row, exitCode, last);
        Assert.Empty(output);
    }
}
