using DemoFl.Node.Trainers;
using DemoFl.V1;
using Microsoft.Extensions.Logging.Abstractions;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace DemoFl.Node.Tests.Trainers;

/// <summary>What a node asks a trainer before it trains: whether it is ready, and what it says to the job.</summary>
public sealed class TrainerJoinTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("demofl-trainer-").FullName;

    [Theory]
    [InlineData("", null)]
    [InlineData("fc.weight:3,4;fc.bias:3", null)]
    [InlineData("fc.weight:4,3;fc.bias:3", "tensor 0 is fc.weight[4,3] here and fc.weight[3,4] there")]
    [InlineData("fc.weight:3,4", "1 tensors here and 2 there")]
    [InlineData("fc.weight:3,4;fc.weight:3", "describes tensors that no model has")]
    [InlineData("fc.weight:3,4;:3", "describes tensors that no model has")]
    public async Task ObjectionAsync_TensorsOfTheTrainer_AreComparedWithTheJobs(string tensors, string? words)
    {
        var description = new TrainerDescription();
        foreach (string tensor in tensors.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, dimensions) = (tensor.Split(':')[0], tensor.Split(':')[1].Split(',').Select(uint.Parse));
            description.Tensors.Add(new Tensor { Name = name, Dimensions = { dimensions } });
        }

        await using var fake = await new FakeTrainer(FakeTrainer.AddOne) { Description = description }.StartAsync();
        using var trainer = fake.Trainer("ada");

        string? objection = await trainer.ObjectionAsync(FakeTrainer.Job, CancellationToken.None);

        if (words is null)
        {
            Assert.Null(objection);
        }
        else
        {
            Assert.Contains(words, objection, StringComparison.Ordinal);
        }

        var asked = Assert.Single(fake.Asked);
        Assert.Equal(("ada", Some.ModelName, 2), (asked.Party, asked.Model, asked.Tensors.Count));
    }

    [Fact]
    public async Task ObjectionAsync_TrainerThatObjects_IsQuotedInOneBoundedLine()
    {
        var description = new TrainerDescription { Objection = "no\nway " + new string('x', 10_000) };
        await using var fake = await new FakeTrainer(FakeTrainer.AddOne) { Description = description }.StartAsync();
        using var trainer = fake.Trainer("ada");

        string? objection = await trainer.ObjectionAsync(FakeTrainer.Job, CancellationToken.None);

        Assert.StartsWith("its trainer objects: no way xxx", objection, StringComparison.Ordinal);
        Assert.InRange(objection!.Length, 500, 600);
    }

    [Fact]
    public async Task ObjectionAsync_TrainerThatIsAway_IsNoneBecauseItMayComeBack()
    {
        await using var fake = await new FakeTrainer(FakeTrainer.AddOne).StartAsync();
        using var trainer = fake.Trainer("ada");
        await fake.StopAsync();

        Assert.Null(await trainer.ObjectionAsync(FakeTrainer.Job, CancellationToken.None));
    }

    [Theory]
    [InlineData(ServingStatus.Serving, null)]
    [InlineData(null, null)]
    [InlineData(ServingStatus.NotServing, "its health is NotServing")]
    public async Task RequireReadyAsync_Health_Decides(ServingStatus? health, string? words)
    {
        await using var fake = await new FakeTrainer(FakeTrainer.AddOne) { Health = health }.StartAsync();
        using var trainer = fake.Trainer("ada");

        var ready = trainer.RequireReadyAsync(TimeSpan.Zero, CancellationToken.None);

        if (words is null)
        {
            await ready;
        }
        else
        {
            Assert.Contains(words, (await Assert.ThrowsAsync<TrainerException>(() => ready)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RequireReadyAsync_NobodyThere_NamesTheAddressAndTheFix()
    {
        using var trainer = new ExternalTrainer("ada", TrainerAddress.Parse($"unix:{_folder}/none"), NullLogger<ExternalTrainer>.Instance);

        var failure = await Assert.ThrowsAsync<TrainerException>(() => trainer.RequireReadyAsync(TimeSpan.FromSeconds(0.3), CancellationToken.None));

        Assert.StartsWith($"The trainer at unix:{_folder}/none is not ready: ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("Start it before the node, or correct --trainer.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequireReadyAsync_TrainerThatComesLater_IsWaitedFor()
    {
        string path = Path.Combine(_folder, "late.sock");
        using var trainer = new ExternalTrainer("ada", TrainerAddress.Parse($"unix:{path}"), NullLogger<ExternalTrainer>.Instance);
        var ready = trainer.RequireReadyAsync(TimeSpan.FromSeconds(20), CancellationToken.None);

        await using var fake = await new FakeTrainer(FakeTrainer.AddOne).StartAsync(path);

        await ready;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
