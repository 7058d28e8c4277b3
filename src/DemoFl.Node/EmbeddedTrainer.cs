using DemoFl.Learning;

namespace DemoFl.Node;

/// <summary>
/// Trains with the library's own models on a data set in memory. What a party draws (its shuffles) follows from the job's seed, the round
/// and the party's name.
/// </summary>
public sealed class EmbeddedTrainer(string name, Dataset data, SemaphoreSlim turns) : ITrainer
{
    private Prepared? _prepared;

    /// <inheritdoc/>
    public Task<string?> ObjectionAsync(JobTerms job, CancellationToken cancellation) => Task.FromResult(Objection(job));

    /// <summary>Says what keeps this trainer from doing the job, or null.</summary>
    public string? Objection(JobTerms job)
    {
        if (job.Model == TrainingPlan.ExternalModel)
        {
            return "the federation trains a model of its own (external), which only a trainer of its owner's knows; start this node with --trainer";
        }

        if (Models.IsStandardized(job.Model) && data.Unscaled is null)
        {
            return "the federation standardises columns by itself, and this node's are scaled already; leave scale=standard out of --data";
        }

        if (job.Input != data.Input || job.Classes < data.Classes)
        {
            return $"the federation trains on {job.Input} inputs in {job.Classes} classes; this node's data are {data.Input} in {data.Classes}; prepare them alike, or name others by --data";
        }

        try
        {
            var model = Models.Parse(job.Model, job.Input, job.Classes);
            var examples = Models.IsStandardized(job.Model) ? data.Unscaled! : data;
            _prepared = new Prepared(job.Model, model, examples, new LocalTrainer(model, examples));
            return model.Layout.Length == job.Dimension
                ? null
                : $"the model '{job.Model}' has {model.Layout.Length} parameters here and {job.Dimension} at the server; run the same release on both";
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return e.Message;
        }
    }

    /// <inheritdoc/>
    public async Task<TrainingResult> TrainAsync(Memory<float> parameters, RoundSpec spec, CancellationToken cancellation)
    {
        var prepared = _prepared ?? throw new InvalidOperationException("The trainer has not seen the job's terms.");
        if (prepared.Spec != spec.Training.Model)
        {
            throw new InvalidOperationException($"The round trains '{spec.Training.Model}', the job '{prepared.Spec}'.");
        }

        // The nodes of one process take turns, so that a laptop is not asked for a thread per party.
        await turns.WaitAsync(cancellation);
        try
        {
            return await HeavyWork.OnThreadOfItsOwn(() => Work(prepared, parameters.Span, spec, cancellation));
        }
        finally
        {
            turns.Release();
        }
    }

    private TrainingResult Work(Prepared prepared, Span<float> parameters, RoundSpec spec, CancellationToken cancellation)
    {
        var plan = spec.Training;
        switch (plan.Stage)
        {
            case TrainingStage.Means:
                ColumnStatistics.MeasureMeans(prepared.Model, prepared.Examples, parameters);
                return new TrainingResult(prepared.Examples.Count, 0, 0, 0);
            case TrainingStage.Variances:
                ColumnStatistics.MeasureVariances(prepared.Model, prepared.Examples, parameters);
                return new TrainingResult(prepared.Examples.Count, 0, 0, 0);
            default:
                var settings = new TrainingSettings(
                    plan.Epochs, plan.BatchSize, (float)plan.LearningRate, (float)plan.Momentum, (float)plan.WeightDecay, (float)plan.Proximal);
                return prepared.Trainer.Train(parameters, settings, PartySeed.Of(spec, name), cancellation);
        }
    }

    private sealed record Prepared(string Spec, Model Model, Dataset Examples, LocalTrainer Trainer);
}
