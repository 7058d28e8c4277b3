using System.Diagnostics;
using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;

namespace DemoFl.Relay.Tests.Coordination;

/// <summary>Whole runs with a server optimiser, a target or a start of their own, driven over the wire by scripted nodes.</summary>
public sealed class ServerOptimizerRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _other = new();

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData(ServerMethod.None)]
    [InlineData(ServerMethod.Momentum)]
    [InlineData(ServerMethod.Adam)]
    [InlineData(ServerMethod.Yogi)]
    public async Task SixRounds_InOneRunOrCutOffInTheMiddle_EndWithTheSameModel(ServerMethod method)
    {
        float[] whole = await RunAsync(_folder.Path, JobOf(method, 6), resume: false, rounds: 6);

        // What a killed server leaves: the folder as it is after three commits, with the next round open.
        float[] half = await RunAsync(_other.Path, JobOf(method, 6), resume: false, rounds: 3, killed: true);
        float[] resumed = await RunAsync(_other.Path, JobOf(method, 6), resume: true, rounds: 3);

        Assert.NotEqual(half, resumed);
        Assert.Equal(whole, resumed);
        Assert.Equal(method != ServerMethod.None, Directory.Exists(_folder.File("moments")));
        if (method != ServerMethod.None)
        {
            Assert.Equal(Names("checkpoints"), Names("moments"));
            Assert.Equal(
                method == ServerMethod.Momentum ? 8 : 16, Safetensors.Read(_folder.File("moments/round-000006.safetensors")).Layout.Length);
        }
    }

    [Fact]
    public async Task Resume_WithAnotherOptimisersState_IsRefused()
    {
        await RunAsync(_folder.Path, JobOf(ServerMethod.Adam, 2), resume: false, rounds: 2);
        File.Copy(_folder.File("moments/round-000001.safetensors"), _folder.File("moments/round-000002.safetensors"), overwrite: true);
        var refused = await Assert.ThrowsAsync<InvalidDataException>(
            () => TestServer.StartAsync(_folder.Path, JobOf(ServerMethod.Adam, 2), s => s with { Resume = true }));
        Assert.Contains("round-000002", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OfTheJob_IsTheModelOfTheFirstRound()
    {
        float[] start = [.. Enumerable.Range(1, 8).Select(i => i / 4f)];
        await using var server = await TestServer.StartAsync(_folder.Path, JobOf(ServerMethod.None, 1) with { Start = start });
        var (alice, bob) = (await server.JoinAsync("alice"), await server.JoinAsync("bob"));
        var opened = await alice.ExpectAsync(f => f.RoundOpened);
        Assert.Equal(Hash256.Of(Some.Floats(start)), Wire.Field.Hash(opened.ModelHash, "hash"));
        await UploadAsync(alice, opened.Round);
        await UploadAsync(bob, opened.Round);
        await server.FinishAsync(succeeded: true);
    }

    [Fact]
    public async Task ExternalModel_HasTensorsButNoInputAndIsJudgedByItsParties()
    {
        var layout = new ParameterLayout([new TensorShape("encoder", [2, 3]), new TensorShape("head", [2])]);
        var rules = Some.Rules(rounds: 1);
        var job = new Job("job", layout, new float[8], rules with { Training = rules.Training with { Model = TrainingPlan.ExternalModel } });
        await using var server = await TestServer.StartAsync(_folder.Path, job);
        var (alice, bob) = (await server.JoinAsync("alice"), await server.JoinAsync("bob"));
        ulong round = (await alice.ExpectAsync(f => f.RoundOpened)).Round;
        await UploadAsync(alice, round);
        await UploadAsync(bob, round);
        await server.FinishAsync(succeeded: true);

        Assert.Equal(["encoder[2,3]", "head[2]"], Safetensors.Read(server.Server.NewestCheckpoint!).Layout.Tensors.Select(t => t.ToString()));
        Assert.Equal(new Round(1), server.Server.Best!.Value.Round);
        Assert.Equal("1", Safetensors.Read(_folder.File("best.safetensors")).Metadata["accuracy"]);
    }

    private static Job JobOf(ServerMethod method, int rounds)
    {
        var rules = Some.Rules(nodes: 2, rounds: rounds) with { KMin = 2 };
        var step = method == ServerMethod.None ? default : new ServerStep(method, 0.1, 0.9, 0.99, 0.001);
        return Some.Job(rules with { Training = rules.Training with { Server = step } });
    }

    private IEnumerable<string?> Names(string folder) => Directory.GetFiles(_folder.File(folder)).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    /// <summary>The model after as many commits.</summary>
    private static async Task<float[]> RunAsync(string folder, Job job, bool resume, int rounds, bool killed = false)
    {
        using var running = new TemporaryFolder();
        string place = killed ? running.Path : folder;
        await using var server = await TestServer.StartAsync(place, job, s => s with { Resume = resume });
        var (alice, bob) = (await server.JoinAsync("alice"), await server.JoinAsync("bob"));
        for (int i = 0; i < rounds; i++)
        {
            // Abandoned rounds use numbers up; the updates must be those of the same commit.
            ulong round = (await alice.ExpectAsync(f => f.RoundOpened)).Round;
            int commit = resume ? i + 3 : i;
            await UploadAsync(alice, round, MathF.Sin(commit));
            await UploadAsync(bob, round, MathF.Cos(commit));
            await alice.ExpectAsync(f => f.RoundCommitted);
        }

        float[] model;
        if (killed)
        {
            await alice.ExpectAsync(f => f.RoundOpened);
            Copy(place, folder);
            model = Safetensors.Read(server.Server.NewestCheckpoint!).Values;
            server.Server.Stop();
            await server.FinishAsync(succeeded: false);
            return model;
        }

        await server.FinishAsync(succeeded: true);
        return Safetensors.Read(server.Server.NewestCheckpoint!).Values;
    }

    /// <summary>The journal is locked while its server runs; cp asks for no lock.</summary>
    private static void Copy(string from, string to)
    {
        using var cp = Process.Start("cp", ["-R", $"{from}/.", to]);
        cp.WaitForExit();
        Assert.Equal(0, cp.ExitCode);
    }

    private static async Task UploadAsync(ScriptedNode node, ulong round, float value = 0.5f)
    {
        byte[] bytes = Some.Floats([.. Enumerable.Range(1, 8).Select(i => value / i)]);
        var header = Some.Header(bytes.Length, kind: VectorKind.Plain, round: round, lanes: Some.Lane(10));
        await node.SubmitAsync(header, bytes);
    }
}
