using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// One round at the coordinator, from its opening to its commit or abort (DESIGN section 7, steps 4 to 6). Owns the stages and both deadlines; knows
/// nothing of terms beyond the leader set that it has at the moment.
/// </summary>
internal sealed class CoordinatorRound
{
    private readonly CoordinatorRules _rules;
    private readonly UploadWatch _uploads;
    private readonly TimeSpan _openedAt;
    private LeaderSet? _leaders;
    private LeaderReports _reports;
    private (TimeSpan At, TimeSpan? Deadline)? _pause;
    private TimeSpan _lostAt;
    private bool _resumes;
    private PartySet _b = new([]);
    private PartySet _b0 = new([]);

    public CoordinatorRound(RoundSpec spec, CoordinatorRules rules, LeaderSet? leaders, TimeSpan now)
    {
        (Spec, _rules, _leaders, _openedAt) = (spec, rules, leaders, now);
        _uploads = new UploadWatch(spec.Participants);
        _reports = new LeaderReports(leaders);
        Deadline = now + spec.UploadDeadline;
    }

    public RoundSpec Spec { get; }

    public RoundStage Stage { get; private set; } = RoundStage.Uploading;

    /// <summary>When the round gives up waiting, or null while it is paused or only the coordinator's own disk is at work.</summary>
    public TimeSpan? Deadline { get; private set; }

    public Attempt Attempt { get; private set; } = Attempt.First;

    /// <summary>Slots that were filled anew in this round.</summary>
    public int Replacements { get; private set; }

    /// <summary>Set when the round ended without changing anything.</summary>
    public string? AbortReason { get; private set; }

    /// <summary>The round failed, and nobody can say by whose fault: the same leaders would fail the next one as well.</summary>
    public bool LeadersAreSuspect { get; private set; }

    /// <summary>The leaders by whose silence or word the round failed.</summary>
    public ImmutableArray<Seat> Culprits { get; private set; } = [];

    /// <summary>Set when the round is durable.</summary>
    public CoordinatorInput.CommitDone? Commit { get; private set; }

    public int IntersectionCount => _b.Count;

    /// <summary>No leader has been asked for its sum, or none has sent it: a slot can still be filled anew.</summary>
    public bool CanReorganise => Stage is not (RoundStage.Committing or RoundStage.Ended) && !_reports.AnyReleased;

    /// <summary>The holder of this slot has given all that the round needs of it.</summary>
    public bool HasSumOf(Slot slot) => _reports.HasReleased(slot);

    public TimeSpan Age(TimeSpan now) => now - _openedAt;

    public void Open(List<CoordinatorEffect> effects)
    {
        effects.Add(new CoordinatorEffect.Journal(new JournalEntry.RoundOpened(Spec.Round)));
        effects.Add(new CoordinatorEffect.AcceptVectors(Spec));
        effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.RoundStarted(Spec)));
        effects.Add(new CoordinatorEffect.Broadcast(new ServerMessage.RoundOpened(Spec)));
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
                (Commit, Stage, Deadline) = (m, RoundStage.Ended, null);
                break;
            case CoordinatorInput.CommitFailed m when m.Round == Spec.Round && Stage is RoundStage.Closing or RoundStage.Committing:
                Abort(m.Reason);
                break;
            default:
                if (_pause is null)
                {
                    OnClosing(input, now, effects);
                }

                break;
        }
    }

    public void Abort(string reason)
    {
        if (Stage != RoundStage.Ended)
        {
            (AbortReason, Stage, Deadline) = (reason, RoundStage.Ended, null);
        }
    }

    /// <summary>A slot is being filled anew: uploads go on, the leaders' work rests, and so do the deadlines.</summary>
    public void Pause(TimeSpan now) => (_pause, Deadline) = ((now, Deadline), null);

    /// <summary>
    /// The slot is filled. Uploading goes on where it was; later than that, the leaders begin another attempt at closing once the parties have resealed.
    /// </summary>
    public void Resume(LeaderSet next, TimeSpan now, List<CoordinatorEffect> effects)
    {
        var (since, deadline) = _pause!.Value;
        (_pause, _leaders, _reports, _lostAt, _resumes) = (null, next, new LeaderReports(next), since, true);
        Replacements++;
        _uploads.AwaitResealing();
        if (Stage == RoundStage.Uploading)
        {
            Deadline = deadline + (now - since);
        }
        else
        {
            Attempt = new Attempt(Attempt.Number + 1);
            Enter(RoundStage.Resealing, _b0.Count, effects);
            Deadline = now + Spec.CloseDeadline;
        }

        GoOn(now, effects);
    }

    private void OnClosing(CoordinatorInput input, TimeSpan now, List<CoordinatorEffect> effects)
    {
        switch (input)
        {
            case CoordinatorInput.NodeSaid { Message: NodeMessage.HoldingsReported m } said:
                OnHoldings(said.Node, m, effects);
                break;
            case CoordinatorInput.NodeSaid { Message: NodeMessage.DigestsReported m } said:
                OnDigests(said.Node, m, effects);
                break;
            case CoordinatorInput.ClosingPrepared m when m.Round == Spec.Round && m.Attempt == Attempt && Stage == RoundStage.Closing:
                OnClosingPrepared(now, effects);
                break;
            case CoordinatorInput.SumReceived m when m.Round == Spec.Round && m.Attempt == Attempt && Stage == RoundStage.Releasing:
                OnSum(m.Leader, effects);
                break;
            case CoordinatorInput.Tick when Deadline <= now:
                OnDeadline(now, effects);
                break;
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
        if (_pause is not null)
        {
            return;
        }

        if (_resumes && _uploads.IsResealed)
        {
            ReportResumed(now, effects);
        }

        if (Stage == RoundStage.Uploading && _uploads.IsComplete)
        {
            CloseUploads(now, effects);
        }
        else if (Stage == RoundStage.Resealing && _uploads.IsResealed)
        {
            AskHoldings(now, effects);
        }
    }

    private void ReportResumed(TimeSpan now, List<CoordinatorEffect> effects)
    {
        _resumes = false;
        effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.Resumed(Spec.Round, _leaders!.Term, _uploads.ResealedCount, now - _lostAt)));
    }

    private void OnDeadline(TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (Stage == RoundStage.Uploading)
        {
            // A leader that acknowledges nobody looks like this, too.
            LeadersAreSuspect = _uploads.Count < Spec.KMin;
            CloseUploads(now, effects);
        }
        else if (Stage == RoundStage.Resealing)
        {
            AskHoldings(now, effects);
        }
        else
        {
            Culprits = _reports.Silent(Stage);
            Abort($"the close deadline of {Spec.CloseDeadline.TotalSeconds:0.#} s passed while {Stage}");
        }
    }

    private void CloseUploads(TimeSpan now, List<CoordinatorEffect> effects)
    {
        _b0 = _uploads.Uploaded();
        if (!ReachesKMin(_b0.Count, "complete vectors"))
        {
            return;
        }

        if (_leaders is not null)
        {
            AskHoldings(now, effects);
            return;
        }

        _b = _b0;
        PrepareClosing(effects);
    }

    private void AskHoldings(TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (_resumes)
        {
            ReportResumed(now, effects);
        }

        Deadline = now + Spec.CloseDeadline;
        Enter(RoundStage.Intersecting, _b0.Count, effects);
        SendToLeaders(new ServerMessage.HoldingsAsked(Spec.Round, Attempt, _b0, _rules.Care.LeadersIntersect), effects);
    }

    private void OnHoldings(NodeId node, NodeMessage.HoldingsReported report, List<CoordinatorEffect> effects)
    {
        if (Stage != RoundStage.Intersecting || report.Round != Spec.Round || report.Attempt != Attempt || !_reports.AddHoldings(node, report.Holdings))
        {
            return;
        }

        _b = new PartySet(_b0.Contributions.Where(_reports.IsHeldByAll));
        if (!ReachesKMin(_b.Count, "parties in the intersection"))
        {
            return;
        }

        Enter(RoundStage.Agreeing, _b.Count, effects);
        if (_rules.Care.LeadersIntersect)
        {
            JudgeDigests(effects);
        }
        else
        {
            SendToLeaders(new ServerMessage.IntersectionProposed(Spec.Round, Attempt, _b), effects);
        }
    }

    private void OnDigests(NodeId node, NodeMessage.DigestsReported report, List<CoordinatorEffect> effects)
    {
        // Where the leaders intersect, one may be done before another's B is here.
        bool awaited = Stage == RoundStage.Agreeing || (Stage == RoundStage.Intersecting && _rules.Care.LeadersIntersect);
        if (awaited && report.Round == Spec.Round && report.Attempt == Attempt && _reports.AddDigests(node, report.Digests) && Stage == RoundStage.Agreeing)
        {
            JudgeDigests(effects);
        }
    }

    private void JudgeDigests(List<CoordinatorEffect> effects)
    {
        var expected = new RoundDigest(Spec.Run, _leaders!.Term, Spec.Round, Attempt, Spec.Digest, _leaders.Digest, _b.Digest);
        if (_reports.Disagreement(expected) is { } disagreement)
        {
            Culprits = disagreement.Culprits;
            Abort($"leader {disagreement.Reporter.Holder} reported digests that differ from the round's");
        }
        else if (_reports.AllAgree)
        {
            PrepareClosing(effects);
        }
    }

    private void PrepareClosing(List<CoordinatorEffect> effects)
    {
        Enter(RoundStage.Closing, _b.Count, effects);
        Deadline = null;
        effects.Add(new CoordinatorEffect.PrepareClosing(Spec, Attempt, _b, _reports.Digests));
    }

    private void OnClosingPrepared(TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (_leaders is null)
        {
            CommitNow(effects);
            return;
        }

        Enter(RoundStage.Releasing, _b.Count, effects);
        Deadline = now + Spec.CloseDeadline;
        effects.Add(new CoordinatorEffect.AcceptSums(Spec.Round, Attempt, _leaders));
        SendToLeaders(new ServerMessage.ReleaseAsked(Spec.Round, Attempt), effects);
    }

    private void OnSum(NodeId leader, List<CoordinatorEffect> effects)
    {
        if (_reports.AddSum(leader))
        {
            CommitNow(effects);
        }
    }

    private void CommitNow(List<CoordinatorEffect> effects)
    {
        Enter(RoundStage.Committing, _b.Count, effects);
        Deadline = null;
        effects.Add(new CoordinatorEffect.CommitRound(Spec, _b));
    }

    private bool ReachesKMin(int count, string what)
    {
        if (count >= Spec.KMin)
        {
            return true;
        }

        Abort($"{count} {what}, fewer than k_min = {Spec.KMin}");
        return false;
    }

    private void Enter(RoundStage stage, int parties, List<CoordinatorEffect> effects)
    {
        Stage = stage;
        effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.StageReached(Spec.Round, stage, parties)));
    }

    private void SendToLeaders(ServerMessage message, List<CoordinatorEffect> effects)
    {
        foreach (var seat in _leaders!.Seats)
        {
            effects.Add(new CoordinatorEffect.Send(seat.Holder, message));
        }
    }
}
