using System.Diagnostics;
using System.Globalization;
using DemoFl.Chaos.Processes;
using DemoFl.Chaos.Strikes;

namespace DemoFl.Chaos.Scenarios;

/// <summary>A long run, in which a leader dies again and again.</summary>
/// <param name="rounds">Rounds to commit.</param>
/// <param name="every">Committed rounds between two deaths.</param>
internal sealed class Endurance(int rounds, int every) : IScenario
{
    /// <summary>When a leader is killed, in turn.</summary>
    private static readonly string[] Moments = ["roundStarted", "Intersecting", "Agreeing", "Closing", "Releasing", "Committing"];

    public string Name => "endurance";

    public string Did =>
        $"{rounds} rounds, with SIGKILL to a leader after every {every}, in six moments of a round in turn; it is started again at once, with its key";

    public string Expected => $"{rounds} rounds are committed, and every checkpoint equals the oracle bit by bit";

    public async Task<IReadOnlyList<ChaosResult>> RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        var plan = new FederationPlan
        {
            Rounds = rounds, Job = new Dictionary<string, string> { ["upload-deadline"] = "120s", ["tenure"] = "10", ["election-window"] = "500ms" },
            LaunchOf = name => name == ProcessFederation.Server ? new Launch { Arguments = ["--keep-checkpoints", "all"] } : Launch.Plain,
        };
        await using var federation = await ProcessFederation.StartAsync(workshop, plan, cancellation);
        var deaths = new List<(Strike Strike, TimeSpan Recovery)>();
        for (int committed = every; committed < rounds; committed += every)
        {
            await CommittedAsync(federation, committed, cancellation);
            deaths.Add(await KillAsync(federation, deaths.Count, cancellation));
        }

        var finished = await federation.ServerSaysAsync(0, "finished", cancellation);
        var facts = federation.Facts();
        string[] aborted = [.. federation.Events.All.Where(e => e.IsOfServer && e.Kind == "aborted").Select(e => e.Text("reason"))];
        string reasons = string.Join("; ", aborted.GroupBy(r => r).Select(g => $"{g.Count()} x {g.Key}"));
        bool ok = facts.AreRight && facts.Committed.Count == rounds && federation.Audit.Compared == rounds && (bool?)finished.Line["succeeded"] == true;
        federation.Succeeded(ok);
        TimeSpan[] times = [.. deaths.Select(d => d.Recovery).Order()];
        string happened = string.Create(
            CultureInfo.InvariantCulture,
            $"{facts.Committed.Count} committed and {aborted.Length} aborted ({reasons}), {deaths.Count} leaders killed, a median of {times[times.Length / 2].TotalSeconds:0.00} s "
            + $"to the next commit; {federation.Audit.Compared} checkpoints compared; {facts}");
        return [new ChaosResult("kill", "leader", "all", happened, ok, times[^1])];
    }

    private static Task<ChaosEvent> CommittedAsync(ProcessFederation federation, int count, CancellationToken cancellation)
    {
        int seen = 0;
        return federation.Events.WaitAsync(0, e => e.IsCommit && ++seen == count, $"{count} rounds are committed", cancellation);
    }

    private static async Task<(Strike Strike, TimeSpan Recovery)> KillAsync(ProcessFederation federation, int death, CancellationToken cancellation)
    {
        string moment = Moments[death % Moments.Length];
        var strike = await Strike.OnAsync(
            federation, e => e.Reached(moment) || (e.IsOfServer && e.Kind == moment), () => [federation.Leaders[death % federation.Leaders.Count]],
            $"a round reaches {moment}", cancellation);
        string victim = strike.Victims[0];
        federation.StartNodes(victim);
        ulong round = strike.Moment.Round ?? 0;
        var commit = await federation.CommitAsync(strike.From, cancellation, round);

        // Rounds are quicker than a process starts: they wait for it now, so that no more than one is missing at any time.
        federation.HoldNextRounds();
        int life = federation.Of(victim).Life;
        await federation.Events.WaitAsync(
            strike.From, e => e.Source == victim && e.Life == life && e.Kind == "keysEstablished", $"{victim} is back and has keys", cancellation);
        federation.Trainer.Release();
        return (strike, Stopwatch.GetElapsedTime(strike.At, commit.At));
    }
}
