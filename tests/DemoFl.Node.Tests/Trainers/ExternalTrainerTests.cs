using DemoFl.Learning;
using DemoFl.Node.Trainers;
using DemoFl.V1;
using Grpc.Core;

namespace DemoFl.Node.Tests.Trainers;

/// <summary>One call to a trainer, and everything that a trainer may do wrong in it.</summary>
public sealed class ExternalTrainerTests : IDisposable
{

    private readonly string _folder = Directory.CreateTempSubdirectory("demofl-trainer-").FullName;

    public static TheoryData<string, string> BadAnswers => new()
    {
        { "short", "sent 56 of the 60 bytes of the model" },
        { "nothing", "sent 0 of the 60 bytes of the model" },
        { "long", "sent more than the 60 bytes of the model" },
        { "endless", "sent more than the 60 bytes of the model" },
        { "no summary", "ended without a summary" },
        { "after summary", "sent more after its summary" },
        { "nan", "returned NaN in fc.weight[3,4] (value 5)" },
        { "infinity", "in fc.bias[3] (value 2)" },
        { "no samples", "trained on 0 examples" },
        { "negative samples", "trained on -5 examples" },
        { "negative correct", "-1 of 90 examples" },
        { "negative evaluated", "0 of -1 examples" },
        { "more correct than evaluated", "91 of 90 examples" },
        { "nan loss", "its loss is NaN" },
        { "throws", "failed: column 'age' has no row 17 and goes on" },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TrainAsync_GoodTrainer_GivesItsParametersAndCounts(bool socket)
    {
        await using var fake = await new FakeTrainer(FakeTrainer.AddOne).StartAsync(socket ? Path.Combine(_folder, "t.sock") : null);
        using var trainer = await JoinedAsync(fake);
        float[] parameters = [.. Enumerable.Range(0, 15).Select(i => i / 4f)];

        var result = await trainer.TrainAsync(parameters, Some.Spec(), CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, 15).Select(i => (i / 4f) + 1), parameters);
        Assert.Equal(new TrainingResult(100, 50, 60, 90), result);
    }

    [Fact]
    public async Task TrainAsync_ModelOfManyPieces_ComesBackWhole()
    {
        var layout = new ParameterLayout([new TensorShape("w", [300_001])]);
        await using var fake = await new FakeTrainer(FakeTrainer.AddOne).StartAsync();
        using var trainer = await JoinedAsync(fake, FakeTrainer.Job with { Tensors = layout });
        float[] parameters = [.. Enumerable.Range(0, layout.Length).Select(i => (float)i)];

        await trainer.TrainAsync(parameters, Some.Spec(dimension: layout.Length), CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, layout.Length).Select(i => i + 1f), parameters);
    }

    [Fact]
    public async Task TrainAsync_Header_SaysAllThatThePlanSays()
    {
        await using var fake = await new FakeTrainer(FakeTrainer.AddOne).StartAsync();
        using var trainer = await JoinedAsync(fake);
        var spec = Some.Spec(round: 7);
        spec = spec with { Training = spec.Training with { Epochs = 3, BatchSize = 5, LearningRate = 0.25, Momentum = 0.5, WeightDecay = 0.125, Proximal = 0.75 } };

        await trainer.TrainAsync(new float[15], spec, CancellationToken.None);

        var header = Assert.Single(fake.Headers);
        Assert.Equal(("ada", Some.ModelName, 7ul, 60ul), (header.Party, header.Model, header.Round, header.ByteLength));
        Assert.Equal(
            new LocalPlan
            {
                Epochs = 3, BatchSize = 5, LearningRate = 0.25, Momentum = 0.5, WeightDecay = 0.125, Proximal = 0.75, Seed = PartySeed.Of(spec, "ada"),
            },
            header.Plan);
        Assert.Equal(["fc.weight[3,4]", "fc.bias[3]"], header.Tensors.Select(t => $"{t.Name}[{string.Join(',', t.Dimensions)}]"));
    }

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task TrainAsync_AnswerThatCannotBeUsed_SaysWhatIsWrongAndTheNextCallWorks(string kind, string words)
    {
        await using var fake = await new FakeTrainer((header, parameters, replies, context) =>
            header.Round == 1 ? BadAsync(kind, parameters, replies, context) : FakeTrainer.AddOne(header, parameters, replies, context)).StartAsync();
        using var trainer = await JoinedAsync(fake);

        var failure = await Assert.ThrowsAsync<TrainerException>(() => trainer.TrainAsync(new float[15], Some.Spec(round: 1), CancellationToken.None));

        Assert.StartsWith($"the trainer at {fake.Address} ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.Equal(100, (await trainer.TrainAsync(new float[15], Some.Spec(round: 2), CancellationToken.None)).SampleCount);
    }

    [Fact]
    public async Task TrainAsync_TrainerThatHangs_IsGivenUpInTimeAndToldSo()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fake = await new FakeTrainer(async (_, _, _, context) =>
        {
            context.CancellationToken.Register(told.SetResult);
            await told.Task;
        }).StartAsync();
        using var trainer = await JoinedAsync(fake);
        var spec = Some.Spec() with { UploadDeadline = TimeSpan.FromSeconds(0.5) };

        var failure = await Assert.ThrowsAsync<TrainerException>(() => trainer.TrainAsync(new float[15], spec, CancellationToken.None));

        Assert.Contains("did not finish within 0.45 s", failure.Message, StringComparison.Ordinal);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task TrainAsync_RoundThatCloses_CancelsTheCall()
    {
        var working = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fake = await new FakeTrainer(async (_, _, _, context) =>
        {
            working.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }).StartAsync();
        using var trainer = await JoinedAsync(fake);
        using var closed = new CancellationTokenSource();
        var training = trainer.TrainAsync(new float[15], Some.Spec(), closed.Token);
        await working.Task;

        await closed.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training);
    }

    [Fact]
    public async Task TrainAsync_TrainerThatDiesAndIsStartedAgain_IsUsedAgain()
    {
        string path = Path.Combine(_folder, "t.sock");
        var working = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = await new FakeTrainer(async (_, _, _, context) =>
        {
            working.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }).StartAsync(path);
        using var trainer = await JoinedAsync(first);
        var training = trainer.TrainAsync(new float[15], Some.Spec(round: 1), CancellationToken.None);
        await working.Task;

        await first.StopAsync();
        Assert.Contains($"the trainer at unix:{path} ", (await Assert.ThrowsAsync<TrainerException>(() => training)).Message, StringComparison.Ordinal);
        var dead = await Assert.ThrowsAsync<TrainerException>(() => trainer.TrainAsync(new float[15], Some.Spec(round: 2), CancellationToken.None));
        Assert.Contains("cannot be reached; start it again", dead.Message, StringComparison.Ordinal);

        await using var second = await new FakeTrainer(FakeTrainer.AddOne).StartAsync(path);
        await trainer.TrainAsync(new float[15], Some.Spec(round: 3), CancellationToken.None);
        Assert.Equal(3ul, Assert.Single(second.Headers).Round);
    }

    [Fact]
    public async Task TrainAsync_WhatListensIsNoTrainer_SaysSo()
    {
        await using var fake = await new FakeTrainer((_, _, _, _) => throw new RpcException(new Status(StatusCode.Unimplemented, ""))).StartAsync();
        using var trainer = await JoinedAsync(fake);

        var failure = await Assert.ThrowsAsync<TrainerException>(() => trainer.TrainAsync(new float[15], Some.Spec(), CancellationToken.None));

        Assert.Contains("does not serve demofl.v1.Trainer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainAsync_AnotherModelThanTheJobs_IsRefused()
    {
        await using var fake = await new FakeTrainer(FakeTrainer.AddOne).StartAsync();
        using var trainer = await JoinedAsync(fake);

        await Assert.ThrowsAsync<InvalidOperationException>(() => trainer.TrainAsync(new float[16], Some.Spec(dimension: 16), CancellationToken.None));
        Assert.Empty(fake.Headers);
    }

    [Theory]
    [InlineData(10, 9)]
    [InlineData(120, 115)]
    public void TrainingTime_OfAnUploadDeadline_LeavesTimeToSend(int seconds, int training) =>
        Assert.Equal(TimeSpan.FromSeconds(training), ExternalTrainer.TrainingTime(TimeSpan.FromSeconds(seconds)));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<ExternalTrainer> JoinedAsync(FakeTrainer fake, JobTerms? job = null)
    {
        var trainer = fake.Trainer("ada");
        Assert.Null(await trainer.ObjectionAsync(job ?? FakeTrainer.Job, CancellationToken.None));
        return trainer;
    }

    private static async Task BadAsync(string kind, float[] parameters, IServerStreamWriter<TrainReply> replies, ServerCallContext context)
    {
        var summary = FakeTrainer.GoodSummary();
        switch (kind)
        {
            case "short": parameters = parameters[1..]; break;
            case "nothing": parameters = []; break;
            case "long": parameters = [.. parameters, 1]; break;
            case "no summary": summary = null; break;
            case "nan": parameters[5] = float.NaN; break;
            case "infinity": parameters[14] = float.NegativeInfinity; break;
            case "no samples": summary.SampleCount = 0; break;
            case "negative samples": summary.SampleCount = -5; break;
            case "negative correct": summary.Correct = -1; break;
            case "negative evaluated": (summary.Correct, summary.Evaluated) = (0, -1); break;
            case "more correct than evaluated": summary.Correct = 91; break;
            case "nan loss": summary.LossSum = double.NaN; break;
            case "throws": throw new RpcException(new Status(StatusCode.Internal, "column 'age' has no row 17\nand goes on"));
            case "endless":
                while (!context.CancellationToken.IsCancellationRequested)
                {
                    await FakeTrainer.ReplyAsync(replies, new float[15], null);
                }

                return;
        }

        await FakeTrainer.ReplyAsync(replies, parameters, summary);
        if (kind == "after summary")
        {
            await FakeTrainer.ReplyAsync(replies, [], summary);
        }
    }
}
