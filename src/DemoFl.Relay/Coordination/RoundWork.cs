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
internal sealed class RoundWork(Job job, RunFolder folder, VectorStore vectors, TrafficMeter traffic, RunProgress progress, IRunObserver observer, ILogger<RoundWork> logger)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<Exception> _fatal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _work = Task.CompletedTask;
    private Task _evaluation = Task.CompletedTask;
    private ClipState _clip = progress.Clip;
    private Aggregate? _closing;
    private TrafficCount _trafficAtOpening;

    /// <summary>The newest committed model.</summary>
    public ModelSnapshot Model { get; private set; } = progress.Model!;

    /// <summary>The newest evaluated round.</summary>
    public RoundReport? Latest { get; private set; }

    /// <summary>Completes with what makes it impossible to go on.</summary>
    public Task<Exception> Fatal => _fatal.Task;

    public void On(CoordinatorEvent happened)
    {
        if (happened is CoordinatorEvent.RoundStarted)
        {
            _trafficAtOpening = traffic.Reading;
        }
        else if (happened is CoordinatorEvent.Committed committed)
        {
            Evaluate(committed, Model, traffic.Reading - _trafficAtOpening);
        }
    }

    public void PrepareClosing(CoordinatorEffect.PrepareClosing effect, Func<CoordinatorInput, ValueTask> post) => Enqueue(effect.Spec.Round, post, () =>
    {
        _closing = Aggregate.OfUploads(effect.Spec, vectors.UploadsOf(effect.Spec.Round, effect.Intersection));
        if (_closing is RingAggregate ring)
        {
            var (name, hash) = folder.SaveClosing(effect.Spec.Round.Value, ring.Vector, ring.Lanes);
            folder.Append(new JournalRecord
            {
                RoundClosing = new RoundClosing
                {
                    Round = effect.Spec.Round.Value, Attempt = (uint)effect.Attempt.Number, Intersection = { Records.ToWire(effect.Intersection) },
                    Digests = { effect.Digests.Select(Records.ToWire) }, SumFile = name, SumHash = Field.Of(hash),
                },
            });
        }

        return new CoordinatorInput.ClosingPrepared(effect.Spec.Round, effect.Attempt);
    });

    public void Commit(CoordinatorEffect.CommitRound effect, Func<CoordinatorInput, ValueTask> post) => Enqueue(effect.Spec.Round, post, () =>
    {
        var spec = effect.Spec;
        var total = _closing!.Plus(vectors.SumsOf(spec.Round));
        var (model, totals) = total.Apply(spec, Model.Parameters, effect.Intersection.Count);
        var snapshot = new ModelSnapshot(model);
        var clip = _clip.Next(totals.Clipped, effect.Intersection.Count, spec.Training.Dimension, new ClipBounds(spec.Encoding.MinClip, spec.Encoding.MaxClip));
        folder.Commit(
            new RoundCommittedRecord
            {
                Round = spec.Round.Value, ModelHash = Field.Of(snapshot.Hash), NextClip = clip.Clip, QuietRounds = (uint)clip.QuietRounds,
                Parties = (uint)effect.Intersection.Count, Totals = Records.ToWire(totals),
            },
            job, snapshot);
        (Model, _clip) = (snapshot, clip);
        return new CoordinatorInput.CommitDone(spec.Round, snapshot.Hash, clip.Clip, totals);
    });

    public void Forget(Round round)
    {
        lock (_gate)
        {
            _work = _work.ContinueWith(
                _ =>
                {
                    _closing = null;
                    folder.ForgetClosing(round.Value);
                },
                TaskScheduler.Default);
        }
    }

    /// <summary>Waits for what is under way.</summary>
    public async Task FinishAsync()
    {
        await _work;
        await _evaluation;
    }

    private void Enqueue(Round round, Func<CoordinatorInput, ValueTask> post, Func<CoordinatorInput> work)
    {
        lock (_gate)
        {
            _work = RunAfterAsync(_work);
        }

        async Task RunAfterAsync(Task earlier)
        {
            await earlier;
            await Task.Yield();
            try
            {
                await post(work());
            }
            catch (UnusableSumException e)
            {
                Log.CommitFailed(logger, round, e.Message);
                await post(new CoordinatorInput.CommitFailed(round, e.Message));
            }
            catch (Exception e)
            {
                Log.Fatal(logger, e.Message, e);
                _fatal.TrySetResult(e);
            }
        }
    }

    private void Evaluate(CoordinatorEvent.Committed committed, ModelSnapshot model, TrafficCount count)
    {
        _evaluation = RunAfterAsync(_evaluation);

        async Task RunAfterAsync(Task earlier)
        {
            await earlier;
            await Task.Yield();
            try
            {
                Judge(committed, model, count);
            }
            catch (Exception e)
            {
                Log.Fatal(logger, e.Message, e);
                _fatal.TrySetResult(e);
            }
        }
    }

    private void Judge(CoordinatorEvent.Committed committed, ModelSnapshot model, TrafficCount count)
    {
        var judged = job.HeldOut is { } heldOut
            ? Evaluator.Evaluate(job.Model, model.Parameters, heldOut, CancellationToken.None, Environment.ProcessorCount)
            : new Evaluation(double.NaN, double.NaN, 0);
        var totals = committed.Totals;
        double evaluated = Math.Max(1, totals.Evaluated);
        Latest = new RoundReport(
            committed.Round, committed.Selected, committed.Intersection, job.Rules.EffectiveLeaders, committed.Took.TotalSeconds, judged.Loss,
            judged.Accuracy, totals.LossSum / evaluated, totals.Correct / evaluated,
            (double)totals.Clipped / ((double)committed.Intersection * job.Model.Layout.Length), count);
        observer.On(Latest);
    }
}
