using System.Net;
using System.Net.Sockets;
using DemoFl.Identity;

namespace DemoFl.Cli.Tests.Errors;

/// <summary>What the machine or the other end of a connection has against a command.</summary>
[Collection(nameof(ConsoleCollection))]
public sealed class ErrorPlaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("--port")]
    [InlineData("--http-port")]
    public async Task Server_PortInUse_NamesThePortAndItsOption(string option)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        string[] line = option == "--port" ? Bad.ServerLine(_folder, port: $"{port}") : [.. Bad.ServerLine(_folder), option, $"{port}"];
        var (exitCode, _, error) = await ConsoleRun.InvokeAsync(line);
        ErrorTable.AssertSays(
            "Cannot listen on {address}:{port}: {reason}. Stop what uses the port, or name another by {option}; 0 takes a free one.", exitCode, error);
        Assert.Contains($":{port}: another program listens there. ", error, StringComparison.Ordinal);
        Assert.Contains($"by {option};", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["run", "journal"]));
    }

    /// <summary>Nobody, not even root, makes files in /proc.</summary>
    [LinuxFact]
    public async Task Command_FolderThatCannotBeWritten_NamesItsOptionAndTheFix()
    {
        const string Row = "{option} {folder} cannot be used: nothing can be written in {folder}, {reason}. Name a folder that can be written.";
        string[][] lines =
        [
            Bad.RunLine(_folder, "/proc/demofl"), Bad.ServerLine(_folder, "/proc/demofl"), [.. Bad.NodeLine(_folder), "--keys", "/proc/demofl"],
            ["data", "make", "--spec", Bad.Grey, "--out", "/proc/demofl"], ["model", "export", Bad.Checkpoint(_folder), "--out", "/proc/demofl/m.npz"],
            ["demo", "--folder", "/proc/demofl"],
        ];
        foreach (string[] line in lines)
        {
            var (exitCode, _, error) = await ConsoleRun.InvokeAsync(line);
            ErrorTable.AssertSays(Row, exitCode, error);
        }
    }

    [Theory]
    [InlineData(-20, "No trusted TLS connection to {server}: The certificate of the server '{host}' expired at {time}. Have the federation authority issue a new one.")]
    [InlineData(5, "No trusted TLS connection to {server}: The certificate of the server '{host}' is not valid before {time}. Check the clocks.")]
    public async Task Status_ServersCertificateOutOfItsTime_SaysWhichEnd(int fromDays, string row)
    {
        var now = DateTimeOffset.UtcNow;
        using var authority = FederationAuthority.CreateAuthority("x", TimeSpan.FromDays(90), now.AddDays(-40));
        using var certificate = FederationAuthority.IssueServer(authority, ["127.0.0.1"], TimeSpan.FromDays(10), now.AddDays(fromDays));
        await using var server = new TlsStub(certificate);
        PemFiles.SaveCertificate(_folder["ca.crt"], authority);
        var (exitCode, _, error) = await ConsoleRun.InvokeAsync("status", "--server", server.Address, "--tls-ca", _folder["ca.crt"]);
        ErrorTable.AssertSays(row, exitCode, error);
        (exitCode, _, error) = await ConsoleRun.InvokeAsync(
            "node", "--server", server.Address, "--tls-ca", _folder["ca.crt"], "--data", Bad.Grey, "--keys", _folder["keys"]);
        ErrorTable.AssertSays(row, exitCode, error);
    }

    [Fact]
    public async Task Status_ServerOfAnotherAuthorityOrHost_NamesTheOption()
    {
        const string Row = "No trusted TLS connection to {server}: {complaint} Name the authority of its certificate by --tls-ca, and the server as the certificate does.";
        using var authority = FederationAuthority.CreateAuthority("x", TimeSpan.FromDays(90), DateTimeOffset.UtcNow);
        using var other = FederationAuthority.CreateAuthority("y", TimeSpan.FromDays(90), DateTimeOffset.UtcNow);
        PemFiles.SaveCertificate(_folder["ca.crt"], authority);
        foreach (var (issuer, host, words) in new[] { (other, "127.0.0.1", "does not chain"), (authority, "192.0.2.1", "is for another host") })
        {
            using var certificate = FederationAuthority.IssueServer(issuer, [host], TimeSpan.FromDays(10), DateTimeOffset.UtcNow);
            await using var server = new TlsStub(certificate);
            var (exitCode, _, error) = await ConsoleRun.InvokeAsync("status", "--server", server.Address, "--tls-ca", _folder["ca.crt"]);
            ErrorTable.AssertSays(Row, exitCode, error);
            Assert.Contains(words, error, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Dispose();
}
