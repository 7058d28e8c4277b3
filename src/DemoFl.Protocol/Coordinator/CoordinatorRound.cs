using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// One round at the coordinator, from its opening to its commit or abort (DESIGN section 7, steps 4 to 6). Owns the upload deadline and the pauses;
/// knows nothing of terms beyond the leader set that it has at the moment.
/// </summary>
internal sealed class CoordinatorRound
{
    private readonly CoordinatorRules _rules;
    private readonly UploadWatch _uploads;
    private readonly TimeSpan _openedAt;
    private LeaderSet? _leaders;
    private RoundClosing? _closing;
    private RoundClosing? _lastAttempt;
    private RoundStage _stage = RoundStage.Uploading;
    private TimeSpan? _deadline;
    private TimeSpan? _pausedAt;
    private TimeSpan? _resumesFrom;
    private bool _suspectLeaders;
    private ImmutableArray<Seat> _silent = [];

    public CoordinatorRound(RoundSpec spec, CoordinatorRules rules, LeaderSet? leaders, TimeSpan now)
    {
        (Spec, _rules, _leaders, _openedAt) = (spec, rules, leaders, now);
        (_uploads, Complaints) = (new UploadWatch(spec.Participants), new Complaints(spec.Participants));
        _deadline = now + spec.UploadDeadline;
    }

    /// <summary>A round that was closing when an earlier process of the run ended: nobody has anything to upload in it any more.</summary>
    public CoordinatorRound(UnfinishedRound unfinished, CoordinatorRules rules, TimeSpan now)
        : this(unfinished.Spec, rules, unfinished.Leaders, now)
    {
        _uploads = new UploadWatch([]);
        _closing = new RoundClosing(unfinished.Spec, rules, unfinished.Leaders, unfinished.Attempt, unfinished.Intersection);
    }

    public RoundSpec Spec { get; }

    public Complaints Complaints { get; }

    public RoundStage Stage => _stage == RoundStage.Ended ? _stage : _closing?.Stage ?? _stage;

    /// <summary>When the round gives up waiting, or null while it is paused or only the coordinator's own disk is at work.</summary>
    public TimeSpan? Deadline => _pausedAt is not null || Stage == RoundStage.Ended ? null : _closing is null ? _deadline : _closing.Deadline;

    /// <summary>Slots that were filled anew in this round.</summary>
    public int Replacements { get; private set; }

    /// <summary>Set when the round ended without changing anything.</summary>
    public string? AbortReason { get; private set; }

    /// <summary>The round failed, and nobody can say by whose fault: the same leaders would fail the next one as well.</summary>
    public bool LeadersAreSuspect => AbortReason is not null && (_suspectLeaders || _closing is { IsUnexplained: true });

    /// <summary>The leaders by whose silence or word the round failed.</summary>
    public ImmutableArray<Seat> Culprits => AbortReason is null ? [] : _closing?.Culprits ?? _silent;

    /// <summary>The round failed for k_min.</summary>
    public bool HadTooFew { get; private set; }

    /// <summary>Set when the round is durable.</summary>
    public CoordinatorInput.CommitDone? Commit { get; private set; }

    public int IntersectionCount => _closing?.Intersection.Count ?? 0;

    /// <summary>No leader has handed out its sum: a slot can still be filled anew.</summary>
    public bool CanReorganise => Stage is not (RoundStage.Committing or RoundStage.Ended) && _closing is not { AnyReleased: true };

    /// <summary>The holder of this slot has given all that the round needs of it.</summary>
    public bool HasSumOf(Slot slot) => _closing?.HasSumOf(slot) ?? false;

    public TimeSpan Age(TimeSpan now) => now - _openedAt;

    public void Open(List<CoordinatorEffect> effects)
    {
        effects.Add(new CoordinatorEffect.Journal(new JournalEntry.RoundOpened(Spec.Round)));
        effects.Add(new CoordinatorEffect.AcceptVectors(Spec));
        effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.RoundStarted(Spec)));
        effects.Add(new CoordinatorEffect.Broadcast(new ServerMessage.RoundOpened(Spec)));
    }

    /// <summary>Waits for the sums of the leaders of an unfinished round.</summary>
    public void TakeUp(TimeSpan now, List<CoordinatorEffect> effects)
    {
        effects.Add(new CoordinatorEffect.AcceptVectors(Spec));
        effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.RoundTakenUp(Spec.Round, _leaders!.Seats.Length)));
        _closing!.TakeUp(now, effects);
    }

    public void Step(CoordinatorInput input, TimeSpan now, List<CoordinatorEffect> effects)
    {
        switch (input)
        {
            case CoordinatorInput.VectorReceived m when m.Round == Spec.Round && Spec.Layout != Layout.Rotating:
                OnUploaded(m.Party, m.NonceHash, now, effects);
                break;
            case CoordinatorInput.NodeSaid { Message: NodeMessage.VectorDelivered m } said when m.Round == Spec.Round && Spec.Layout == Layout.Rotating:
                OnUploaded(said.Node, m.NonceHash, now, effects);
                break;
            case CoordinatorInput.NodeSaid { Message: NodeMessage.Resealed m } said when m.Round == Spec.Round && m.Term == _leaders?.Term:
                _uploads.Resealed(said.Node);
                GoOn(now, effects);
                break;
            case CoordinatorInput.NodeSaid { Message: NodeMessage.Declined m } said when m.Round == Spec.Round && _uploads.Leave(said.Node):
                effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.Refused(Spec.Round, said.Node, m.Reason)));
                GoOn(now, effects);
                break;
            case CoordinatorInput.NodeDeparted m when _uploads.Leave(m.Node):
                GoOn(now, effects);
                break;

            // A new life of the node knows nothing of this round.
            case CoordinatorInput.NodeArrived m when _uploads.Leave(m.Node):
                GoOn(now, effects);
                break;
            case CoordinatorInput.NodeSaid { Message: NodeMessage.LeaderRefused m } said when m.Round == Spec.Round && _leaders?.SeatOf(said.Node) is not null:
                effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.Refused(Spec.Round, said.Node, m.Reason)));
                Abort($"a leader refused: {m.Reason}");
                break;
            case CoordinatorInput.CommitDone m when m.Round == Spec.Round && Stage == RoundStage.Committing:
                (Commit, _stage) = (m, RoundStage.Ended);
                break;
            case CoordinatorInput.Tick when _closing is null && Deadline <= now:
                OnDeadline(now, effects);
                break;
            default:
                StepClosing(input, now, effects);
                break;
        }
    }

    public void Abort(string reason)
    {
        if (_stage != RoundStage.Ended)
        {
            (AbortReason, _stage) = (reason, RoundStage.Ended);
        }
    }

    /// <summary>A slot is being filled anew: uploads go on, the leaders' work rests, and so do the deadlines.</summary>
    public void Pause(TimeSpan now) => _pausedAt = now;

    /// <summary>
    /// The slot is filled. Uploading goes on where it was; later than that, the leaders begin another attempt at closing once the parties have resealed.
    /// </summary>
    public void Resume(LeaderSet next, TimeSpan now, List<CoordinatorEffect> effects)
    {
        (_leaders, _resumesFrom, _pausedAt) = (next, _pausedAt!.Value, null);
        Replacements++;
        _uploads.AwaitResealing();
        if (_stage == RoundStage.Uploading && _closing is null)
        {
            _deadline += now - _resumesFrom;
        }
        else
        {
            (_stage, _deadline) = (RoundStage.Resealing, now + Spec.CloseDeadline);
            (_lastAttempt, _closing) = (_closing, null);
            effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.StageReached(Spec.Round, Stage, _lastAttempt!.Uploaded.Count)));
        }

        GoOn(now, effects);
    }

    private void StepClosing(CoordinatorInput input, TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (_closing is null || _pausedAt is not null)
        {
            return;
        }

        _closing.Step(input, now, effects);
        if (_closing.Failure is { } failure)
        {
            HadTooFew = _closing.HasTooFew;
            Abort(failure);
        }
    }

    private void OnUploaded(NodeId party, Hash256 nonceHash, TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (Stage == RoundStage.Uploading && _uploads.Add(party, nonceHash))
        {
            GoOn(now, effects);
        }
    }

    /// <summary>Goes on as soon as nobody is waited for any more.</summary>
    private void GoOn(TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (_pausedAt is not null)
        {
            return;
        }

        if (_uploads.IsResealed)
        {
            ReportResumed(now, effects);
        }

        if (Stage == RoundStage.Uploading && _uploads.IsComplete)
        {
            CloseUploads(now, effects);
        }
        else if (Stage == RoundStage.Resealing && _uploads.IsResealed)
        {
            CloseAgain(now, effects);
        }
    }

    private void ReportResumed(TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (_resumesFrom is { } since)
        {
            _resumesFrom = null;
            effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.Resumed(Spec.Round, _leaders!.Term, _uploads.ResealedCount, now - since)));
        }
    }

    private void OnDeadline(TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (Stage == RoundStage.Resealing)
        {
            CloseAgain(now, effects);
            return;
        }

        // A leader that acknowledges nobody looks like this, too.
        int missing = Spec.KMin - _uploads.Count;
        _silent = missing > 0 && _leaders is not null ? Complaints.Culprits(_leaders, missing, _uploads.HasUploaded) : [];
        _suspectLeaders = missing > 0 && _silent.IsEmpty;
        CloseUploads(now, effects);
    }

    private void CloseUploads(TimeSpan now, List<CoordinatorEffect> effects)
    {
        var uploaded = _uploads.Uploaded();
        if (uploaded.Count < Spec.KMin)
        {
            HadTooFew = true;
            Abort($"{uploaded.Count} complete vectors, fewer than k_min = {Spec.KMin}");
            return;
        }

        Close(new RoundClosing(Spec, _rules, _leaders, Attempt.First, uploaded), now, effects);
    }

    private void CloseAgain(TimeSpan now, List<CoordinatorEffect> effects) =>
        Close(new RoundClosing(Spec, _rules, _leaders, _lastAttempt!.Attempt.Next, _lastAttempt.Uploaded), now, effects);

    private void Close(RoundClosing closing, TimeSpan now, List<CoordinatorEffect> effects)
    {
        ReportResumed(now, effects);
        _closing = closing;
        closing.Begin(now, effects);
    }
}
