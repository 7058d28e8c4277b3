using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;

namespace DemoFl.Relay.Tests.Coordination;

/// <summary>Runs that end when they are good enough, and the best model that they leave, driven over the wire by scripted nodes.</summary>
public sealed class TargetRunTests : IDisposable
{
    private static readonly Dataset HeldOut = new(new InputShape(1, 1, 3), 2, [1, 0, 0, 0, 1, 0], [0, 1]);

    /// <summary>Both examples are wrong at first, and right once 10 is added to either class's own weight.</summary>
    private static readonly float[] Wrong = [-1, 0, 0, 0, -1, 0, 0, 0];
    private static readonly float[] Better = [10, 0, 0, 0, 10, 0, 0, 0];
    private static readonly float[] Worse = [-10, 0, 0, 0, -10, 0, 0, 0];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_TargetReachedOnTheHeldOutExamples_IsDoneAndTellsTheNodes()
    {
        const string Reason = "2 rounds committed, accuracy 1.0000 reached the target of 1";
        var job = JobOf(rounds: 9, new StopTarget(1, null));
        await using (var server = await TestServer.StartAsync(_folder.Path, job))
        {
            var (alice, bob) = (await server.JoinAsync("alice"), await server.JoinAsync("bob"));
            await CommitAsync(alice, bob, new float[8]);
            await CommitAsync(alice, bob, Better);
            Assert.Equal(Reason, (await alice.ExpectAsync(f => f.RunFinished)).Reason);
            Assert.Equal(Reason, await server.FinishAsync(succeeded: true));
            Assert.Equal(0, (await server.Observer.NextAsync<RoundReport>()).Accuracy);
            Assert.Equal(1, (await server.Observer.NextAsync<RoundReport>()).Accuracy);
            Assert.Equal(new Round(2), server.Server.Best!.Value.Round);
        }

        await using var again = await TestServer.StartAsync(_folder.Path, job, s => s with { Resume = true });
        Assert.Equal(Reason, await again.FinishAsync(succeeded: true));
    }

    [Fact]
    public async Task Resume_WithAFurtherTarget_GoesOn()
    {
        await using (var server = await TestServer.StartAsync(_folder.Path, JobOf(rounds: 9, new StopTarget(0.5, null))))
        {
            await CommitAsync(await server.JoinAsync("alice"), await server.JoinAsync("bob"), Better);
            await server.FinishAsync(succeeded: true);
        }

        await using var again = await TestServer.StartAsync(_folder.Path, JobOf(rounds: 9, new StopTarget(null, 1e-6)), s => s with { Resume = true });
        await CommitAsync(await again.JoinAsync("alice"), await again.JoinAsync("bob"), Better);
        Assert.Contains("reached the target of 1E-06", await again.FinishAsync(succeeded: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithoutHeldOutExamples_GoesByWhatThePartiesSaw()
    {
        var job = JobOf(rounds: 9, new StopTarget(null, 0.5)) with { HeldOut = null };
        await using var server = await TestServer.StartAsync(_folder.Path, job);
        await CommitAsync(await server.JoinAsync("alice"), await server.JoinAsync("bob"), new float[8]);
        Assert.Equal("1 rounds committed, loss 0.5000 reached the target of 0.5", await server.FinishAsync(succeeded: true));
    }

    [Fact]
    public async Task Best_AfterAResumeAndAWorseRound_IsStillTheBest()
    {
        await using (var server = await TestServer.StartAsync(_folder.Path, JobOf(rounds: 1)))
        {
            await CommitAsync(await server.JoinAsync("alice"), await server.JoinAsync("bob"), Better);
            await server.FinishAsync(succeeded: true);
        }

        float[] best = Safetensors.Read(_folder.File("best.safetensors")).Values;
        await using var resumed = await TestServer.StartAsync(_folder.Path, JobOf(rounds: 2), s => s with { Resume = true });
        await CommitAsync(await resumed.JoinAsync("alice"), await resumed.JoinAsync("bob"), Worse);
        await resumed.FinishAsync(succeeded: true);

        Assert.Equal((_folder.File("best.safetensors"), new Round(1)), resumed.Server.Best);
        Assert.Equal(best, Safetensors.Read(_folder.File("best.safetensors")).Values);
        Assert.NotEqual(best, Safetensors.Read(resumed.Server.NewestCheckpoint!).Values);
    }

    /// <summary>A server that was killed between a commit and its evaluation never said how good that model was.</summary>
    [Fact]
    public async Task Resume_AfterAKillBeforeTheEvaluation_JudgesWhatWasCommitted()
    {
        await using (var server = await TestServer.StartAsync(_folder.Path, JobOf(rounds: 1)))
        {
            await CommitAsync(await server.JoinAsync("alice"), await server.JoinAsync("bob"), Better);
            await server.FinishAsync(succeeded: true);
        }

        File.Delete(_folder.File("best.safetensors"));
        await using var resumed = await TestServer.StartAsync(_folder.Path, JobOf(rounds: 1), s => s with { Resume = true });
        await resumed.FinishAsync(succeeded: true);

        Assert.Equal(new Round(1), resumed.Server.Best!.Value.Round);
        Assert.Equal("1", Safetensors.Read(_folder.File("best.safetensors")).Metadata["accuracy"]);
    }

    private static Job JobOf(int rounds, StopTarget? target = null) =>
        Some.Job(Some.Rules(nodes: 2, rounds: rounds) with { KMin = 2, Target = target }, heldOut: HeldOut) with { Start = Wrong };

    private static async Task CommitAsync(ScriptedNode alice, ScriptedNode bob, float[] update)
    {
        ulong round = (await alice.ExpectAsync(f => f.RoundOpened)).Round;
        byte[] bytes = Some.Floats(update);
        await alice.SubmitAsync(Some.Header(bytes.Length, kind: VectorKind.Plain, round: round, lanes: Some.Lane(10)), bytes);
        await bob.SubmitAsync(Some.Header(bytes.Length, kind: VectorKind.Plain, round: round, lanes: Some.Lane(10)), bytes);
        await alice.ExpectAsync(f => f.RoundCommitted);
    }
}
