using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay.Storage;
using DemoFl.Relay.Vectors;
using DemoFl.Sharing;
using DemoFl.V1;
using DemoFl.Wire;
using Microsoft.Extensions.Logging;

namespace DemoFl.Relay.Coordination;

/// <summary>
/// The long work of a round, off the loop: adding vectors up, making closing and commit durable, evaluating. One piece at a time, in the
/// order asked. Its results come back as inputs; an I/O error ends the process, because what could not be made durable must not be told.
/// </summary>
internal sealed class RoundWork(
    Job job, RunFolder folder, VectorStore vectors, TrafficMeter traffic, RunProgress progress, IRunObserver observer, ILogger<RoundWork> logger)
{
    private static readonly Evaluation Unknown = new(double.NaN, double.NaN, 0);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<Exception> _fatal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _work = Task.CompletedTask;
    private Task _evaluation = Task.CompletedTask;
    private ClipState _clip = progress.Clip;
    private Moments? _moments = progress.Moments;
    private (Round Round, Evaluation Result)? _judged;
    private Aggregate? _closing = progress.ClosingSum;
    private TrafficCount _trafficAtOpening;

    /// <summary>The newest committed model.</summary>
    public ModelSnapshot Model { get; private set; } = progress.Model!;

    /// <summary>The newest evaluated round.</summary>
    public RoundReport? Latest { get; private set; }

    /// <summary>Completes with what makes it impossible to go on.</summary>
    public Task<Exception> Fatal => _fatal.Task;

    /// <summary>A run with a target ends by what a commit says of its model, which is judged before that.</summary>
    private bool JudgesBeforeCommit => job is { HeldOut: not null, Rules.Target: not null };

    /// <summary>Judges what the last process of this run committed: it may have died before it did.</summary>
    public void Begin()
    {
        if (progress.LastCommit is { } commit && progress.CommittedRounds > job.Rules.StatisticsRounds)
        {
            var (round, model) = (new Round(commit.Round), Model);
            EvaluateNext(() => folder.Best.Consider(round, job, model, progress.JudgedFor(job) ?? Quality(Judge(model))));
        }
    }

    public void On(CoordinatorEvent happened)
    {
        if (happened is CoordinatorEvent.RoundStarted)
        {
            _trafficAtOpening = traffic.Reading;
        }
        else if (happened is CoordinatorEvent.Committed committed)
        {
            var (model, judged, count) = (Model, _judged?.Round == committed.Round ? _judged?.Result : null, traffic.Reading - _trafficAtOpening);
            EvaluateNext(() => Judge(committed, model, judged, count));
        }
    }

    public void PrepareClosing(CoordinatorEffect.PrepareClosing effect, Func<CoordinatorInput, ValueTask> post)
    {
        // Here and not in the work: by the time it runs, the round may have been aborted and closed.
        var uploads = vectors.UploadsOf(effect.Spec.Round, effect.Intersection);
        Enqueue(effect.Spec.Round, post, () => Close(effect, uploads));
    }

    public void Commit(CoordinatorEffect.CommitRound effect, Func<CoordinatorInput, ValueTask> post)
    {
        var sums = vectors.SumsOf(effect.Spec.Round);
        var evaluation = _evaluation;
        Enqueue(effect.Spec.Round, post, () => Commit(effect, sums), evaluation);
    }

    /// <summary>Takes no more vectors for the round and frees them when the work that may still read them is done.</summary>
    public void Discard(Round round)
    {
        var closed = vectors.Close(round);
        Enqueue(() =>
        {
            _closing = null;
            closed?.Dispose();
            folder.ForgetClosing(round.Value);
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Waits for what is under way.</summary>
    public async Task FinishAsync()
    {
        await _work;
        await _evaluation;
    }

    private CoordinatorInput.ClosingPrepared Close(CoordinatorEffect.PrepareClosing effect, IReadOnlyList<ReceivedVector> uploads)
    {
        _closing = Aggregate.OfUploads(effect.Spec, uploads);
        if (_closing is RingAggregate ring)
        {
            var (name, hash) = folder.SaveClosing(effect.Spec.Round.Value, ring.Vector, ring.Lanes);
            folder.Append(new JournalRecord
            {
                RoundClosing = new RoundClosing
                {
                    Round = effect.Spec.Round.Value, Attempt = (uint)effect.Attempt.Number, Intersection = { Records.ToWire(effect.Intersection) },
                    Digests = { effect.Digests.Select(Records.ToWire) }, SumFile = name, SumHash = Field.Of(hash),
                    Spec = RoundSpecs.ToWire(effect.Spec, default), Leaders = Records.ToWire(effect.Leaders!, default),
                },
            });
        }

        return new CoordinatorInput.ClosingPrepared(effect.Spec.Round, effect.Attempt);
    }

    private CoordinatorInput.CommitDone Commit(CoordinatorEffect.CommitRound effect, IReadOnlyList<ReceivedVector> sums)
    {
        var (spec, parties) = (effect.Spec, effect.Intersection.Count);
        var (model, moments, totals) = ServerSteps.Take(_closing!.Plus(sums), spec, parties, Model, _moments);
        var clip = spec.Training.Stage != TrainingStage.Training
            ? _clip
            : _clip.Next(totals.Clipped, parties, spec.Training.Dimension, new ClipBounds(spec.Encoding.MinClip, spec.Encoding.MaxClip));
        var record = new RoundCommittedRecord
        {
            Round = spec.Round.Value, ModelHash = Field.Of(model.Hash), NextClip = clip.Clip, QuietRounds = (uint)clip.QuietRounds,
            Parties = (uint)parties, Totals = Records.ToWire(totals),
        };
        Judgement? quality = null;
        if (JudgesBeforeCommit && spec.Training.Stage == TrainingStage.Training)
        {
            var judged = Judge(model);
            (_judged, quality) = ((spec.Round, judged), Quality(judged));
            record.Judged = new Judged { Loss = judged.Loss, Accuracy = judged.Accuracy };
        }

        folder.Commit(record, job, model, moments);
        (Model, _moments, _clip) = (model, moments, clip);
        return new CoordinatorInput.CommitDone(spec.Round, model.Hash, clip.Clip, totals, quality);
    }

    /// <summary>Work that is answered by an input, also when what came in is of no use.</summary>
    private void Enqueue(Round round, Func<CoordinatorInput, ValueTask> post, Func<CoordinatorInput> work, Task? after = null) => Enqueue(async () =>
    {
        // One evaluation at a time may lag behind: each holds a model.
        await (after ?? Task.CompletedTask);
        CoordinatorInput answer;
        try
        {
            answer = await OnThreadOfItsOwn(work);
        }
        catch (Exception e) when (e is UnusableSumException or InvalidDataException)
        {
            Log.CommitFailed(logger, round, e.Message);
            answer = new CoordinatorInput.CommitFailed(round, e.Message);
        }

        await post(answer);
    });

    private void Enqueue(Func<ValueTask> work)
    {
        lock (_gate)
        {
            _work = RunAfterAsync(_work, work);
        }
    }

    /// <summary>Never throws: what goes wrong here is fatal, and nothing is done after it.</summary>
    private async Task RunAfterAsync(Task earlier, Func<ValueTask> work)
    {
        await earlier;
        await Task.Yield();
        if (_fatal.Task.IsCompleted)
        {
            return;
        }

        try
        {
            await work();
        }
        catch (Exception e)
        {
            Log.Fatal(logger, e.Message, e);
            _fatal.TrySetResult(e);
        }
    }

    private void EvaluateNext(Action work) => _evaluation = RunAfterAsync(_evaluation, async () => await OnThreadOfItsOwn(() =>
    {
        work();
        return true;
    }));

    /// <summary>Seconds of arithmetic and of waiting for a disk, on the pool's few threads, would hold up every stream, and the beats first.</summary>
    private static Task<T> OnThreadOfItsOwn<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private Evaluation Judge(ModelSnapshot model) => job is { Model: { } known, HeldOut: { } heldOut }
        ? Evaluator.Evaluate(known, model.Parameters, heldOut, CancellationToken.None, Environment.ProcessorCount)
        : Unknown;

    private void Judge(CoordinatorEvent.Committed committed, ModelSnapshot model, Evaluation? judgedBefore, TrafficCount count)
    {
        // A model that knows its columns' scale, and nothing else yet, is nothing to judge.
        bool trained = committed.Stage == TrainingStage.Training;
        var judged = judgedBefore ?? (trained ? Judge(model) : Unknown);
        var (totals, training) = (committed.Totals, Judgement.OfParties(committed.Totals));
        if (trained)
        {
            folder.Best.Consider(committed.Round, job, model, job.HeldOut is null ? training : Quality(judged));
        }

        Latest = new RoundReport(
            committed.Round, committed.Selected, committed.Intersection, job.Rules.EffectiveLeaders, committed.Took.TotalSeconds, judged.Loss,
            judged.Accuracy, training.Loss, training.Accuracy,
            (double)totals.Clipped / ((double)committed.Intersection * job.Parameters.Length), count, committed.Stage);
        observer.On(Latest);
    }

    private static Judgement Quality(Evaluation judged) => new(judged.Loss, judged.Accuracy);
}
