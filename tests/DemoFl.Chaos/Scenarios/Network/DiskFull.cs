using DemoFl.Chaos.Network;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>A disk that somebody else fills up: the server's, and that of a node's owner.</summary>
internal sealed class DiskFull : IScenario
{
    private const int Dimension = 4096;
    private const int DiskBytes = 2 << 20;
    private const int Failed = 1;

    /// <summary>What is left when the disk is full: nothing; room for the journal alone; for a sum, and no checkpoint; for a little of either.</summary>
    private static readonly int[] Left = [0, 4096, 20_000, 36_000, 60_000];

    public string Name => "disk-full";

    public string Did =>
        "the disk of the server's run folder is filled up, all but 0 to 60 kB; when the server has ended, space is freed and it is started with --resume. "
        + "Then the disk of a node's record is filled up, and freed";

    public string Expected =>
        "the server ends with code 1 and says what to do; nothing committed is lost, and the run goes on; a node that cannot record declines rounds, which are committed without it, "
        + "and takes part again by itself when there is room";

    public async Task<IReadOnlyList<ChaosResult>> RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        if (await SmallDisk.MissingAsync() is { } missing)
        {
            return [ChaosResult.Skip("disk full", "server", missing), ChaosResult.Skip("disk full", "node", missing)];
        }

        return [.. await ServerAsync(workshop, cancellation), await NodeAsync(workshop, cancellation)];
    }

    private static async Task<IReadOnlyList<ChaosResult>> ServerAsync(Workshop workshop, CancellationToken cancellation)
    {
        string place = Directory.CreateTempSubdirectory("demofl-chaos-disk-").FullName;
        var results = new List<ChaosResult>();
        try
        {
            await using var disk = await SmallDisk.MountAsync(place, DiskBytes);
            await using var federation = await ProcessFederation.StartAsync(workshop, new FederationPlan { Dimension = Dimension, RunFolder = disk.Path }, cancellation);
            foreach (int left in Left)
            {
                results.Add(await FillAsync(federation, disk, left, cancellation));
            }

            if (results.All(r => r.Ok))
            {
                federation.Succeeded();
            }
        }
        finally
        {
            Directory.Delete(place);
        }

        return results;
    }

    private static async Task<ChaosResult> FillAsync(ProcessFederation federation, SmallDisk disk, int left, CancellationToken cancellation)
    {
        await federation.WholeAsync(federation.Events.Now, cancellation);
        var run = new FaultRun(federation, cancellation);
        var server = federation.Of(ProcessFederation.Server);
        disk.Fill(left);
        int exitCode = await server.Completion.WaitAsync(cancellation);
        var before = federation.Facts();
        string[] said = [.. server.Errors.Split('\n').Where(line => line.Contains("cannot go on", StringComparison.Ordinal))];
        run.Findings.Require(exitCode == Failed, $"the server ended with code {exitCode}");
        run.Findings.Require(
            said.Length > 0 && said.All(line => line.Contains("No space left", StringComparison.Ordinal) && line.Contains("--resume", StringComparison.Ordinal)),
            said.Length > 0 ? $"\"{said[^1].Replace(disk.Path, "FOLDER", StringComparison.Ordinal)}\"" : $"without a word: {server.Errors}");
        run.Findings.Require(before.AreRight, $"it left {before}");

        disk.Free();
        await federation.KillAsync(ProcessFederation.Server);
        long freed = FaultRun.Now;
        await federation.StartServerAsync(cancellation);
        await run.RecoverAsync(freed);
        var after = federation.Facts();
        run.Findings.Require(before.Committed.All(c => after.Has(c.Round)), "none of them lost");
        return run.Result($"disk full but {left / 1000} kB", "server", PhaseOf(said.LastOrDefault("")));
    }

    /// <summary>By the file that could not be written.</summary>
    private static string PhaseOf(string said) =>
        said.Contains("/closing/", StringComparison.Ordinal) ? "close" : said.Contains("/checkpoints/", StringComparison.Ordinal) ? "commit" : "journal";

    private static async Task<ChaosResult> NodeAsync(Workshop workshop, CancellationToken cancellation)
    {
        await using var federation = await ProcessFederation.PrepareAsync(workshop, new FederationPlan());
        string node = federation.Nodes[^1];
        await using var disk = await SmallDisk.MountAsync(Path.Combine(federation.KeyFolder, "node-log", node), DiskBytes);
        await federation.StartServerAsync(cancellation);
        federation.StartNodes(federation.Nodes);
        await federation.WholeAsync(0, cancellation);
        var run = new FaultRun(federation, cancellation);
        int from = federation.Events.Now;
        disk.Fill(allBut: 0);
        var refused = await federation.ServerSaysAsync(from, "refused", cancellation);
        run.Findings.Require(federation.NameOf(refused.Text("node")) == node, $"{federation.NameOf(refused.Text("node"))} sits out, \"{refused.Text("reason")}\"");
        var commits = await federation.CommitsAsync(5, refused.Index, cancellation);
        run.Findings.Require(commits.Skip(1).All(c => c.Summed() == federation.Nodes.Count - 1), $"{commits.Count} rounds committed without it");
        run.Findings.Require(!federation.Of(node).Completion.IsCompleted, "its process stays");

        disk.Free();
        long freed = FaultRun.Now;
        await run.RecoverAsync(freed);
        if (run.Findings.AllHold)
        {
            federation.Succeeded();
        }

        return run.Result("disk full", "node", "all");
    }
}
