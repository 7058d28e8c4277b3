using DemoFl.Learning;
using DemoFl.V1;
using DemoFl.Wire;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node.Trainers;

/// <summary>
/// Trains in a process of the owner's own that serves <c>demofl.v1.Trainer</c> (protos/demofl/v1/trainer.proto). That process may be stopped and
/// started as its owner likes: a round that it misses is missed, and the next one asks it again.
/// </summary>
public sealed class ExternalTrainer : ITrainer, IDisposable
{
    /// <summary>How long a trainer may take to say what it is.</summary>
    public static readonly TimeSpan DescribeDeadline = TimeSpan.FromSeconds(10);

    private const string ServiceName = "demofl.v1.Trainer";
    private const string DoesNotMeasure =
        "the federation standardises its columns, and its trainer does not say that it can measure them; see docs/scaling.md, or start this node with --data";

    private static readonly TimeSpan CheckDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(200);

    private readonly string _party;
    private readonly TrainerAddress _address;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly GrpcChannel _channel;
    private readonly Trainer.TrainerClient _client;
    private JobTerms? _job;
    private FixedColumns? _columns;
    private bool _measures;

    /// <summary>Prepares; nothing is sent yet.</summary>
    /// <param name="party">The node's name.</param>
    /// <param name="address">Where the trainer listens.</param>
    /// <param name="logger">For what a trainer did not do.</param>
    /// <param name="clock">The system's without.</param>
    public ExternalTrainer(string party, TrainerAddress address, ILogger<ExternalTrainer> logger, TimeProvider? clock = null)
    {
        (_party, _address, _logger, _clock) = (party, address, logger, clock ?? TimeProvider.System);
        _channel = address.Open();
        _client = new Trainer.TrainerClient(_channel);
    }

    /// <summary>
    /// What a round leaves for training: all of its upload deadline but a tenth, at most 5 s, in which the update is masked and sent.
    /// </summary>
    public static TimeSpan TrainingTime(TimeSpan uploadDeadline) => uploadDeadline - TimeSpan.FromTicks(
        Math.Min(uploadDeadline.Ticks / 10, TimeSpan.FromSeconds(5).Ticks));

    /// <summary>Waits until the trainer is ready, so that a wrong address is known before the federation is.</summary>
    /// <exception cref="TrainerException">It was not, within <paramref name="patience"/>.</exception>
    public async Task RequireReadyAsync(TimeSpan patience, CancellationToken cancellation)
    {
        for (long started = _clock.GetTimestamp(); ;)
        {
            if (await UnreadyAsync(cancellation) is not { } reason)
            {
                return;
            }

            if (_clock.GetElapsedTime(started) >= patience)
            {
                throw new TrainerException($"The trainer at {_address} is not ready: {reason}. Start it before the node, or correct --trainer.");
            }

            await Task.Delay(CheckInterval, _clock, cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task<string?> ObjectionAsync(JobTerms job, CancellationToken cancellation)
    {
        (_job, _columns) = (job, FixedColumns.Of(job));
        var request = new DescribeRequest { Party = _party, Model = job.Model, Tensors = { TensorsOf(job.Tensors) } };
        try
        {
            var description = await _client.DescribeAsync(request, Options(DescribeDeadline, cancellation));
            _measures = description.Statistics;
            return description.Objection.Length > 0 ? $"its trainer objects: {TrainerWords.Quote(description.Objection)}"
                : Difference(description, job) ?? (_columns is not null && !_measures ? DoesNotMeasure : null);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unimplemented)
        {
            return TrainerWords.Of(e, _address, DescribeDeadline);
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            // It may be back for the next round; until then this node is worth its leader's slot.
            Log.TrainerSilent(_logger, _party, TrainerWords.Of(e, _address, DescribeDeadline));
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<TrainingResult> TrainAsync(Memory<float> parameters, RoundSpec spec, CancellationToken cancellation)
    {
        var job = _job ?? throw new InvalidOperationException("The trainer has not seen the job's terms.");
        if (job.Model != spec.Training.Model || job.Dimension != parameters.Length)
        {
            throw new InvalidOperationException(
                $"The round trains '{spec.Training.Model}' of {parameters.Length} parameters, the job '{job.Model}' of {job.Dimension}.");
        }

        if (spec.Training.Stage != TrainingStage.Training && !(_measures && _columns is not null))
        {
            // It would train, and its start would pass for its columns.
            throw new TrainerException($"the {spec.Training.Stage} of columns were asked for, and the trainer at {_address} has not said that it measures them");
        }

        var kept = _columns?.Keep(parameters.Span, spec.Training.Stage);
        var time = TrainingTime(spec.UploadDeadline);
        using var call = _client.Train(Options(time, cancellation));
        try
        {
            var result = await new TrainerCall(call, _address).RunAsync(Header(spec, job), parameters, job.Tensors, cancellation);
            _columns?.Restore(kept, parameters.Span, spec.Training.Stage);
            return result;
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException && cancellation.IsCancellationRequested)
        {
            Log.TrainerLate(_logger, _party, spec.Round, _address);
            throw new OperationCanceledException(cancellation);
        }
        catch (RpcException e)
        {
            throw new TrainerException(TrainerWords.Of(e, _address, time), e);
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _channel.Dispose();

    private static IEnumerable<Tensor> TensorsOf(ParameterLayout layout) => layout.Tensors.Select(t => TensorLists.ToWire(t.Name, t.Dimensions));

    private static LocalPlan PlanOf(RoundSpec spec, string party) => new()
    {
        Epochs = (uint)spec.Training.Epochs, BatchSize = (uint)spec.Training.BatchSize, LearningRate = spec.Training.LearningRate,
        Momentum = spec.Training.Momentum, WeightDecay = spec.Training.WeightDecay, Proximal = spec.Training.Proximal, Seed = PartySeed.Of(spec, party),
        Stage = spec.Training.Stage == TrainingStage.Training ? "" : spec.Training.Stage.ToString().ToLowerInvariant(),
    };

    private static string? Difference(TrainerDescription description, JobTerms job)
    {
        if (description.Tensors.Count == 0)
        {
            return null;
        }

        try
        {
            var tensors = TensorLists.FromWire(description.Tensors, "tensors").Select(t => new TensorShape(t.Name, t.Dimensions));
            return new ParameterLayout(tensors).SameAs(job.Tensors, out string difference)
                ? null
                : $"its trainer's model is not the federation's: {TrainerWords.Quote(difference)} (here the trainer, there the federation)";
        }
        catch (Exception e) when (e is WireFormatException or ArgumentException)
        {
            return $"its trainer describes tensors that no model has: {TrainerWords.Quote(e.Message)}";
        }
    }

    private TrainHeader Header(RoundSpec spec, JobTerms job) => new()
    {
        Party = _party, Model = job.Model, Round = spec.Round.Value, Plan = PlanOf(spec, _party), Tensors = { TensorsOf(job.Tensors) },
        ByteLength = sizeof(float) * (ulong)job.Dimension,
    };

    private CallOptions Options(TimeSpan deadline, CancellationToken cancellation) =>
        new(deadline: _clock.GetUtcNow().UtcDateTime + deadline, cancellationToken: cancellation);

    /// <summary>Null when the trainer is ready; a process without a health service is, as far as it can say.</summary>
    private async Task<string?> UnreadyAsync(CancellationToken cancellation)
    {
        try
        {
            var request = new HealthCheckRequest { Service = ServiceName };
            var health = await new Health.HealthClient(_channel).CheckAsync(request, Options(CheckDeadline, cancellation));
            return health.Status == HealthCheckResponse.Types.ServingStatus.Serving ? null : $"its health is {health.Status}";
        }
        catch (RpcException e) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellation);
        }
        catch (RpcException e)
        {
            return e.StatusCode == StatusCode.Unimplemented ? null : TrainerWords.Quote(e.Status.Detail);
        }
    }
}
