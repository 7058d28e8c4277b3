using DemoFl.Chaos.Network;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>Certificates whose time is over: the server's of TLS, and a node's of a federation key, at the start and while they are used.</summary>
internal sealed class ExpiredCertificate : IScenario
{
    private const int Refused = 3;

    /// <summary>For all processes to start and join.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan Renewed = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(3);

    public string Name => "expired-certificate";

    public string Did =>
        "the server's TLS certificate expires while rounds run, a node is started again and another's connections are reset, and the certificate is renewed; then the same with the "
        + "certificate of a node, whose federation also has a node whose certificate expired before the start";

    public string Expected =>
        "running connections go on; new processes are refused with code 3 and told which certificate expired and when; with a new certificate all take part again";

    public async Task<IReadOnlyList<ChaosResult>> RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("demofl-chaos-ca-").FullName;
        try
        {
            using var authority = new TestAuthority(folder);
            return [await ServerAsync(workshop, authority, cancellation), .. await NodesAsync(workshop, authority, cancellation)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<ChaosResult> ServerAsync(Workshop workshop, TestAuthority authority, CancellationToken cancellation)
    {
        await using var links = new FaultyLinks();
        var (certificate, expires) = authority.IssueServer(Life);
        var plan = new FederationPlan
        {
            RouteOf = links.RouteOf,
            LaunchOf = name => new Launch { Arguments = name == ProcessFederation.Server ? certificate : ["--tls-ca", authority.File] },
        };
        await using var federation = await ProcessFederation.StartAsync(workshop, plan, cancellation);
        await federation.WholeAsync(0, cancellation);
        var run = new FaultRun(federation, cancellation);
        await PassAsync(run, expires);

        (string party, string other) = (run.Party, federation.Followers.ElementAt(1));
        await federation.KillAsync(party);
        await RefusedAsync(run, party, "certificate of the server '127.0.0.1' expired at");
        links[other].ResetAll();
        var without = await federation.Events.WaitAsync(
            federation.Events.Now, e => e.IsCommit && e.Summed() == federation.Nodes.Count - 2, "a round is committed without the two", cancellation);
        run.Findings.Tell($"round {without.Round} without it and without a node whose connections were reset");
        run.Findings.Require(!federation.Of(other).Completion.IsCompleted, "which keeps trying");

        (certificate, _) = authority.IssueServer(Renewed);
        await federation.KillAsync(ProcessFederation.Server);
        long back = FaultRun.Now;
        await federation.StartServerAsync(cancellation);
        federation.StartNodes(party);
        await run.RecoverAsync(back);
        return Done(run, "TLS certificate expires", "server");
    }

    private static async Task<IReadOnlyList<ChaosResult>> NodesAsync(Workshop workshop, TestAuthority authority, CancellationToken cancellation)
    {
        var plan = new FederationPlan { Trust = ["--federation-key", authority.File], Job = new Dictionary<string, string> { ["parties"] = "7" } };
        await using var federation = await ProcessFederation.PrepareAsync(workshop, plan);
        (string late, string early) = (federation.Nodes[^2], federation.Nodes[^1]);
        foreach (string node in federation.Nodes.Except([late, early]))
        {
            authority.IssueNode(federation.KeyFolder, node, Renewed);
        }

        authority.IssueNode(federation.KeyFolder, early, -Watched);
        var expires = authority.IssueNode(federation.KeyFolder, late, Life);
        await federation.StartServerAsync(cancellation);
        federation.StartNodes(federation.Nodes.Except([early]));
        await federation.CommitAsync(0, cancellation);

        var atStart = new FaultRun(federation, cancellation);
        await RefusedAsync(atStart, early, $"certificate of '{early}' expired at");
        var commit = await federation.CommitAsync(federation.Events.Now, cancellation);
        atStart.Findings.Require(commit.Summed() == federation.Nodes.Count - 1, $"round {commit.Round} committed with the other {commit.Summed()}");
        authority.IssueNode(federation.KeyFolder, early, Renewed);
        long renewed = FaultRun.Now;
        federation.StartNodes(early);
        await atStart.RecoverAsync(renewed);
        var results = new List<ChaosResult> { Done(atStart, "certificate expired at start", "node") };

        var whileRunning = new FaultRun(federation, cancellation);
        await PassAsync(whileRunning, expires);
        await federation.KillAsync(late);
        await RefusedAsync(whileRunning, late, $"certificate of '{late}' expired at");
        authority.IssueNode(federation.KeyFolder, late, Renewed);
        renewed = FaultRun.Now;
        federation.StartNodes(late);
        await whileRunning.RecoverAsync(renewed);
        results.Add(Done(whileRunning, "certificate expires", "node"));
        return results;
    }

    /// <summary>Lets rounds be committed until a certificate has expired, and some more.</summary>
    private static async Task PassAsync(FaultRun run, DateTimeOffset expires)
    {
        var federation = run.Federation;
        var left = expires - DateTimeOffset.UtcNow;
        if (left > TimeSpan.Zero)
        {
            await federation.CommitsForAsync(left, run.Cancellation);
        }

        int from = federation.Events.Now;
        var commits = await federation.CommitsForAsync(Watched, run.Cancellation);
        run.Findings.Require(commits.All(c => c.Summed() == federation.Nodes.Count), $"{commits.Count} rounds with all {federation.Nodes.Count} after it expired");
        run.RequireNoLoss(from);
    }

    /// <summary>Starts a node, which must be refused, with a reason.</summary>
    private static async Task RefusedAsync(FaultRun run, string node, string reason)
    {
        run.Federation.StartNodes(node);
        var process = run.Federation.Of(node);
        int exitCode = await process.Completion.WaitAsync(run.Cancellation);
        string said = process.Errors.Split('\n')[^1];
        run.Findings.Require(
            exitCode == Refused && process.Errors.Contains(reason, StringComparison.Ordinal), $"a new process of {node} ends with code {exitCode}: \"{said}\"");
        await run.Federation.KillAsync(node);
    }

    private static ChaosResult Done(FaultRun run, string fault, string role)
    {
        if (run.Findings.AllHold)
        {
            run.Federation.Succeeded();
        }

        return run.Result(fault, role, "all");
    }
}
