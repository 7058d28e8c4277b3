using DemoFl.Node.Tests.Federations;
using DemoFl.Node.Trainers;
using DemoFl.Protocol;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node.Tests.Trainers;

/// <summary>A trainer's failures cost its party a round, and nobody else anything (DESIGN section 11).</summary>
public sealed class TrainerFederationTests : IDisposable
{
    private const float Step = 0.01f;

    private readonly string _folder = Directory.CreateTempSubdirectory("demofl-trainer-").FullName;

    [Fact]
    public async Task Run_PartiesWithTrainers_GiveTheModelThatTheirTrainersMake()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 3, rounds: 2));
        var trainers = new List<ExternalTrainer>();
        await using var fake = await new FakeTrainer(StepOn).StartAsync();
        foreach (string name in new[] { "ada", "bob", "cy" })
        {
            trainers.Add(Of(name, fake, federation));
            federation.Join(name, trainers[^1]);
        }

        await federation.CompleteAsync();

        AssertMoved(federation, rounds: 2);
        Assert.Equal(6, fake.Headers.Count);
        Assert.Equal(["ada", "bob", "cy"], fake.Headers.Select(h => h.Party).Distinct().Order(StringComparer.Ordinal));
        Assert.All(fake.Asked, a => Assert.Equal(Some.Model.Layout.Tensors.Select(t => t.Name), a.Tensors.Select(t => t.Name)));
        trainers.ForEach(t => t.Dispose());
    }

    [Fact]
    public async Task Run_TrainerThatDiesAndComesBack_MissesARoundAndTakesTheNext()
    {
        string path = Path.Combine(_folder, "t.sock");
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 4, rounds: 3));
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dying = new FakeTrainer((_, _, _, _) => throw new RpcException(new Status(StatusCode.Internal, "patient 17 has no blood pressure")));
        await dying.StartAsync(path);
        using var trainer = Of("frail", dying, federation);
        for (int i = 0; i < 3; i++)
        {
            federation.Join($"n-{i}", new StubTrainer(async (spec, parameters, cancellation) =>
            {
                if (spec.Round == new Round(2))
                {
                    await gate.Task.WaitAsync(cancellation);
                }

                StubTrainer.Move(spec.Round, parameters.Span, (_, _) => Step);
                return StubTrainer.Result(100);
            }));
        }

        // Round 1 meets a trainer that throws, round 2 none; before round 2 is over, it is back.
        var frail = federation.Join("frail", trainer);
        await frail.Events.WhenAsync<NodeEvent.Declined>(e => e.Round == new Round(1));
        await dying.StopAsync();
        await frail.Events.WhenAsync<NodeEvent.Declined>(e => e.Round == new Round(2));
        await using var back = await new FakeTrainer(StepOn).StartAsync(path);
        gate.SetResult();
        await federation.CompleteAsync();

        Assert.Equal([3, 3, 4], federation.Events.All.OfType<CoordinatorEvent.Committed>().Select(e => e.Intersection));
        await federation.Log.WhenAsync<LogLine>(l => l.Id == 107 && l.Text.Contains("failed: the trainer at unix:", StringComparison.Ordinal));
        AssertMoved(federation, rounds: 3);
    }

    [Fact]
    public async Task Run_TrainerThatFails_TellsTheServerNothingOfItsWords()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 4, rounds: 1));
        await using var fake = await new FakeTrainer(
            (_, _, _, _) => throw new RpcException(new Status(StatusCode.Internal, "patient 17 has no blood pressure"))).StartAsync();
        using var trainer = Of("frail", fake, federation);
        federation.JoinAll(Enumerable.Range(0, 3).Select(_ => StubTrainer.Moving((_, _) => Step, 100)));
        var frail = federation.Join("frail", trainer);

        await federation.CompleteAsync();

        var refused = await federation.Events.WhenAsync<CoordinatorEvent.Refused>();
        Assert.Equal((frail.Id, "making the update failed: the trainer did not deliver; this node's log says why"), (refused.Node, refused.Reason));
        await federation.Log.WhenAsync<LogLine>(l => l.Level == LogLevel.Warning && l.Text.Contains("patient 17", StringComparison.Ordinal));
        Assert.DoesNotContain(
            federation.Log.All, l => l.Category.StartsWith("DemoFl.Relay", StringComparison.Ordinal) && l.Text.Contains("patient", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_TrainerThatHangs_MissesTheRoundWithOneLine()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 4, rounds: 1) with { UploadDeadline = TimeSpan.FromSeconds(3) });
        await using var fake = await new FakeTrainer((_, _, _, context) => Task.Delay(Timeout.Infinite, context.CancellationToken)).StartAsync();
        using var trainer = Of("stuck", fake, federation);
        federation.JoinAll(Enumerable.Range(0, 3).Select(_ => StubTrainer.Moving((_, _) => Step, 100)));
        federation.Join("stuck", trainer);

        await federation.CompleteAsync();

        Assert.Equal(3, (await federation.Events.WhenAsync<CoordinatorEvent.Committed>()).Intersection);
        Assert.Single(federation.Log.All, l => l.Text.StartsWith("stuck: ", StringComparison.Ordinal) && l.Level == LogLevel.Warning);
        AssertMoved(federation, rounds: 1);
    }

    [Fact]
    public async Task Run_TrainerThatObjects_IsRefusedAtTheDoor()
    {
        await using var federation = await Federation.StartAsync(Rules.Of(nodes: 3, rounds: 1));
        await using var fake = await new FakeTrainer(StepOn) { Description = new() { Objection = "these are not my tensors" } }.StartAsync();
        using var trainer = Of("ada", fake, federation);

        var refusal = await Assert.ThrowsAsync<NodeRefusedException>(() => federation.Join("ada", trainer).Completion);

        Assert.Equal("ada does not take part: its trainer objects: these are not my tensors.", refusal.Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task StepOn(
        V1.TrainHeader header, float[] parameters, IServerStreamWriter<V1.TrainReply> replies, ServerCallContext context) =>
        FakeTrainer.ReplyAsync(replies, [.. parameters.Select(p => p + Step)], FakeTrainer.GoodSummary());

    private static ExternalTrainer Of(string party, FakeTrainer fake, Federation federation) =>
        new(party, fake.Address, federation.LoggerOf<ExternalTrainer>());

    private static void AssertMoved(Federation federation, int rounds)
    {
        float[] start = Some.Model.Initialise(1);
        Assert.All(federation.CommittedModel().Zip(start), pair => Assert.InRange(pair.First - pair.Second - (rounds * Step), -1e-5, 1e-5));
    }
}
