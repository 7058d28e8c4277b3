using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Relay.Tests.Coordination;

/// <summary>Whole runs, driven over the wire by scripted nodes.</summary>
public sealed class ServerRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public async Task PlainRun_WithAnyMemory_CommitsTheWeightedMeanOfEveryRound(long memoryBudget)
    {
        var job = Some.Job(Some.Rules(nodes: 2, rounds: 3), heldOut: new Dataset(new InputShape(1, 1, 3), 2, [1, 0, 0, 0, 1, 0], [0, 1]));
        await using var server = await TestServer.StartAsync(_folder.Path, job, s => s with { VectorMemoryBudget = memoryBudget });
        var (alice, bob) = (await server.JoinAsync("alice"), await server.JoinAsync("bob"));
        float[] expected = Some.Model.Initialise(5);
        for (int round = 1; round <= 3; round++)
        {
            var opened = await alice.ExpectAsync(f => f.RoundOpened);
            Assert.Equal(Hash256.Of(Some.Floats(expected)), Field.Hash(opened.ModelHash, "hash"));
            await UploadAsync(alice, opened.Round, [1, 0, 0, 0, 0, 0, 0, round], 10);
            await UploadAsync(bob, opened.Round, [0, 2, 0, 0, 0, 0, 0, 0], 30);
            (expected[0], expected[1], expected[7]) = (expected[0] + 0.25f, expected[1] + 1.5f, expected[7] + (0.25f * round));
            var committed = await server.Observer.NextAsync<CoordinatorEvent.Committed>();
            Assert.Equal((2, 40ul), (committed.Intersection, committed.Totals.SampleCount));
            var report = await server.Observer.NextAsync<RoundReport>();
            Assert.Equal(new Round((ulong)round), report.Round);
            Assert.True(double.IsFinite(report.Loss));
            Assert.True(report.Traffic.VectorsUp > 2 * 32);
        }

        Assert.Equal("3 rounds committed", await server.FinishAsync(succeeded: true));
        Assert.Equal(expected, Safetensors.Read(server.Server.NewestCheckpoint!).Values);
        Assert.True(!Directory.Exists(_folder.File("spill")) || !Directory.EnumerateFiles(_folder.File("spill")).Any());
    }

    [Fact]
    public async Task Upload_MissingAtTheDeadline_IsLeftOut()
    {
        var clock = new ManualClock();
        await using var server = await TestServer.StartAsync(_folder.Path, Some.Job(), clock: clock);
        var (alice, _) = (await server.JoinAsync("alice"), await server.JoinAsync("bob"));
        await alice.ExpectAsync(f => f.RoundOpened);
        await UploadAsync(alice, 1, [1, 0, 0, 0, 0, 0, 0, 0], 10);
        clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal((2, 1), await PartiesAsync(server));
        await server.FinishAsync(succeeded: true);
    }

    [Fact]
    public async Task Uploads_ThatCannotBe_AbortTheRoundAndTheNextOneOpens()
    {
        await using var server = await TestServer.StartAsync(_folder.Path, Some.Job());
        var (alice, bob) = (await server.JoinAsync("alice"), await server.JoinAsync("bob"));
        await alice.ExpectAsync(f => f.RoundOpened);
        await UploadAsync(alice, 1, [float.NaN, 0, 0, 0, 0, 0, 0, 0], 10);
        await UploadAsync(bob, 1, new float[8], 10);
        Assert.Contains("not finite", (await alice.ExpectAsync(f => f.RoundAborted)).Reason, StringComparison.Ordinal);
        await alice.ExpectAsync(f => f.RoundOpened);
        await UploadAsync(alice, 2, new float[8], 10);
        await UploadAsync(bob, 2, new float[8], 10);

        Assert.Equal(new Round(2), (await server.Observer.NextAsync<CoordinatorEvent.Committed>()).Round);
        await server.FinishAsync(succeeded: true);
    }

    [Fact]
    public async Task Resume_AfterACleanStop_GoesOnWithAHigherTermAndRoundFromTheCommittedModel()
    {
        var job = Some.Job(Some.Rules(Layout.Masked, nodes: 1, rounds: 2, leaders: 1));
        RunId run;
        Hash256 committed;
        ulong lastRound;
        Term lastTerm;
        await using (var server = await TestServer.StartAsync(_folder.Path, job))
        {
            run = server.Server.Run;
            lastTerm = await LeadOneRoundAsync(server, spec => Assert.Equal(new Round(1), spec.Round));
            committed = Hash256.Of(Some.Floats(Safetensors.Read(server.Server.NewestCheckpoint!).Values));
            lastRound = (await server.Observer.NextAsync<CoordinatorEvent.RoundStarted>()).Spec.Round.Value;
            server.Server.Stop();
            Assert.Equal("stopped on request", await server.FinishAsync(succeeded: false));
        }

        Assert.Empty(Directory.EnumerateFiles(_folder.File("closing")));
        await using var resumed = await TestServer.StartAsync(_folder.Path, job, s => s with { Resume = true });
        Assert.Equal(run, resumed.Server.Run);
        Assert.EndsWith("round-000001.safetensors", resumed.Server.NewestCheckpoint, StringComparison.Ordinal);
        var term = await LeadOneRoundAsync(resumed, spec => Assert.Equal((true, committed), (spec.Round.Value > lastRound, spec.ModelHash)));

        Assert.True(term > lastTerm, $"term {term} after {lastTerm}");
        Assert.Equal("2 rounds committed", await resumed.FinishAsync(succeeded: true));
    }

    [Fact]
    public async Task Digest_ThatDiffersFromTheRounds_AbortsItWithoutARelease()
    {
        var job = Some.Job(Some.Rules(Layout.Masked, nodes: 1, leaders: 1));
        await using var server = await TestServer.StartAsync(_folder.Path, job);
        var node = await server.JoinAsync("alice");
        var leader = new ScriptedLeader(node);
        await leader.LeadAsync();
        var spec = RoundSpecs.FromWire(await node.ExpectAsync(f => f.RoundOpened));
        await node.SubmitAsync(Some.Header(32, round: spec.Round.Value), new byte[32]);
        await leader.CloseAsync(spec, digest => digest with { Intersection = default });

        Assert.Contains("digests that differ", (await node.ExpectAsync(f => f.RoundAborted)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhileARoundIsOpen_AbortsItAndEndsTheRun()
    {
        await using var server = await TestServer.StartAsync(_folder.Path, Some.Job());
        var (alice, _) = (await server.JoinAsync("alice"), await server.JoinAsync("bob"));
        await alice.ExpectAsync(f => f.RoundOpened);
        await UploadAsync(alice, 1, new float[8], 10);
        server.Server.Stop();

        Assert.Equal("stopped on request", await server.FinishAsync(succeeded: false));
        Assert.Equal("the server is stopping", (await server.Observer.NextAsync<CoordinatorEvent.Aborted>()).Reason);
    }

    private static async Task<(int Selected, int Intersection)> PartiesAsync(TestServer server)
    {
        var committed = await server.Observer.NextAsync<CoordinatorEvent.Committed>();
        return (committed.Selected, committed.Intersection);
    }

    private static async Task UploadAsync(ScriptedNode node, ulong round, float[] update, ulong samples) => await node.SubmitAsync(
        Some.Header(32, node.Name.Length, VectorKind.Plain, round, lanes: Some.Lane(samples)), Some.Floats(update));

    /// <summary>One node is the leader and the one party.</summary>
    private static async Task<Term> LeadOneRoundAsync(TestServer server, Action<RoundSpec> check)
    {
        var node = await server.JoinAsync("alice");
        var leader = new ScriptedLeader(node);
        await leader.LeadAsync();
        var spec = RoundSpecs.FromWire(await node.ExpectAsync(f => f.RoundOpened));
        check(spec);
        var words = new byte[32];
        words[3] = 0x20;
        await node.SubmitAsync(Some.Header(32, round: spec.Round.Value), words);
        await leader.CloseAsync(spec);
        Assert.Equal(spec.Round, (await server.Observer.NextAsync<CoordinatorEvent.Committed>()).Round);
        return leader.Term;
    }
}
