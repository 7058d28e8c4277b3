using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// One round at the coordinator, from its opening to its commit or abort (DESIGN section 7, steps 4 to 6). Owns the stages and
/// both deadlines; knows nothing of terms beyond the leader set it was opened with.
/// </summary>
internal sealed class CoordinatorRound
{
    private readonly LeaderSet? _leaders;
    private readonly Dictionary<NodeId, Hash256> _uploaded = [];
    private readonly HashSet<NodeId> _absent = [];
    private readonly Dictionary<Slot, ImmutableArray<NodeId>> _holdings = [];
    private readonly HashSet<Slot> _agreed = [];
    private readonly HashSet<Slot> _released = [];
    private readonly HashSet<NodeId> _participants;
    private readonly TimeSpan _openedAt;
    private ImmutableArray<SignedDigest> _digests = [];
    private PartySet _b = new([]);
    private PartySet _b0 = new([]);

    public CoordinatorRound(RoundSpec spec, LeaderSet? leaders, TimeSpan now)
    {
        (Spec, _leaders, _openedAt) = (spec, leaders, now);
        _participants = [.. spec.Participants];
        Deadline = now + spec.UploadDeadline;
    }

    public RoundSpec Spec { get; }

    public RoundStage Stage { get; private set; } = RoundStage.Uploading;

    /// <summary>When the round gives up waiting, or null while only the coordinator's own disk is at work.</summary>
    public TimeSpan? Deadline { get; private set; }

    public Attempt Attempt { get; } = Attempt.First;

    /// <summary>Set when the round ended without changing anything.</summary>
    public string? AbortReason { get; private set; }

    /// <summary>The round failed by its leaders' silence or disagreement: they would fail the next one as well.</summary>
    public bool LeadersAreSuspect { get; private set; }

    /// <summary>Set when the round is durable.</summary>
    public CoordinatorInput.CommitDone? Commit { get; private set; }

    public int IntersectionCount => _b.Count;

    /// <summary>The holder of this slot has given all that the round needs of it.</summary>
    public bool HasSumOf(Slot slot) => _released.Contains(slot);

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
            case CoordinatorInput.NodeSaid { Message: NodeMessage.Declined m } said when m.Round == Spec.Round && MayStillUpload(said.Node):
                effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.Refused(Spec.Round, said.Node, m.Reason)));
                OnAbsent(said.Node, now, effects);
                break;
            case CoordinatorInput.NodeDeparted m:
                OnAbsent(m.Node, now, effects);
                break;

            // A new life of the node knows nothing of this round.
            case CoordinatorInput.NodeArrived m:
                OnAbsent(m.Node, now, effects);
                break;
            case CoordinatorInput.NodeSaid { Message: NodeMessage.LeaderRefused m } said when m.Round == Spec.Round && _leaders?.SeatOf(said.Node) is not null:
                effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.Refused(Spec.Round, said.Node, m.Reason)));
                Abort($"a leader refused: {m.Reason}");
                break;
            case CoordinatorInput.NodeSaid { Message: NodeMessage.HoldingsReported m } said:
                OnHoldings(said.Node, m, effects);
                break;
            case CoordinatorInput.NodeSaid { Message: NodeMessage.DigestsReported m } said:
                OnDigests(said.Node, m, effects);
                break;
            case CoordinatorInput.ClosingPrepared m when m.Round == Spec.Round && m.Attempt == Attempt && Stage == RoundStage.Closing:
                OnClosingPrepared(now, effects);
                break;
            case CoordinatorInput.SumReceived m when m.Round == Spec.Round && m.Attempt == Attempt:
                OnSum(m.Leader, effects);
                break;
            case CoordinatorInput.CommitDone m when m.Round == Spec.Round && Stage == RoundStage.Committing:
                (Commit, Stage, Deadline) = (m, RoundStage.Ended, null);
                break;
            case CoordinatorInput.CommitFailed m when m.Round == Spec.Round && Stage is RoundStage.Closing or RoundStage.Committing:
                Abort(m.Reason);
                break;
            case CoordinatorInput.Tick when Deadline <= now:
                OnDeadline(now, effects);
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

    private void OnUploaded(NodeId party, Hash256 nonceHash, TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (Stage == RoundStage.Uploading && _participants.Contains(party) && _uploaded.TryAdd(party, nonceHash))
        {
            _absent.Remove(party);
            CloseUploadsIfComplete(now, effects);
        }
    }

    private void OnAbsent(NodeId party, TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (MayStillUpload(party))
        {
            _absent.Add(party);
            CloseUploadsIfComplete(now, effects);
        }
    }

    /// <summary>A party that is gone may have uploaded before: its vector and its announcements count all the same.</summary>
    private bool MayStillUpload(NodeId party) =>
        Stage == RoundStage.Uploading && _participants.Contains(party) && !_uploaded.ContainsKey(party) && !_absent.Contains(party);

    private void CloseUploadsIfComplete(TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (_uploaded.Count + _absent.Count == _participants.Count)
        {
            CloseUploads(now, effects);
        }
    }

    private void OnDeadline(TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (Stage == RoundStage.Uploading)
        {
            // A leader that acknowledges nobody looks like this, too.
            LeadersAreSuspect = _uploaded.Count < Spec.KMin;
            CloseUploads(now, effects);
        }
        else
        {
            LeadersAreSuspect = true;
            Abort($"the close deadline of {Spec.CloseDeadline.TotalSeconds:0.#} s passed while {Stage}");
        }
    }

    private void CloseUploads(TimeSpan now, List<CoordinatorEffect> effects)
    {
        _b0 = new PartySet(_uploaded.Select(u => new Contribution(u.Key, u.Value)));
        if (!ReachesKMin(_b0.Count, "complete vectors"))
        {
            return;
        }

        Deadline = now + Spec.CloseDeadline;
        if (_leaders is null)
        {
            _b = _b0;
            PrepareClosing(effects);
            return;
        }

        Enter(RoundStage.Intersecting, _b0.Count, effects);
        SendToLeaders(new ServerMessage.HoldingsAsked(Spec.Round, Attempt, _b0), effects);
    }

    private void OnHoldings(NodeId node, NodeMessage.HoldingsReported report, List<CoordinatorEffect> effects)
    {
        if (Stage != RoundStage.Intersecting || report.Round != Spec.Round || report.Attempt != Attempt
            || _leaders!.SeatOf(node) is not { } seat || !_holdings.TryAdd(seat.Slot, report.Holdings) || _holdings.Count < _leaders.Seats.Length)
        {
            return;
        }

        var common = _holdings.Values.Select(h => h.ToHashSet()).ToArray();
        _b = new PartySet(_b0.Contributions.Where(c => common.All(h => h.Contains(c.Party))));
        if (ReachesKMin(_b.Count, "parties in the intersection"))
        {
            Enter(RoundStage.Agreeing, _b.Count, effects);
            SendToLeaders(new ServerMessage.IntersectionProposed(Spec.Round, Attempt, _b), effects);
        }
    }

    private void OnDigests(NodeId node, NodeMessage.DigestsReported report, List<CoordinatorEffect> effects)
    {
        if (Stage != RoundStage.Agreeing || report.Round != Spec.Round || report.Attempt != Attempt || _leaders!.SeatOf(node) is not { } seat)
        {
            return;
        }

        var expected = new RoundDigest(Spec.Run, _leaders.Term, Spec.Round, Attempt, Spec.Digest, _leaders.Digest, _b.Digest);
        bool complete = report.Digests.Length == _leaders.Seats.Length && report.Digests.Select(d => d.Slot).Distinct().Count() == _leaders.Seats.Length;
        if (!complete || report.Digests.Any(d => d.Digest != expected))
        {
            LeadersAreSuspect = true;
            Abort($"leader {seat.Holder} reported digests that differ from the round's");
            return;
        }

        _digests = report.Digests;
        if (_agreed.Add(seat.Slot) && _agreed.Count == _leaders.Seats.Length)
        {
            PrepareClosing(effects);
        }
    }

    private void PrepareClosing(List<CoordinatorEffect> effects)
    {
        Enter(RoundStage.Closing, _b.Count, effects);
        Deadline = null;
        effects.Add(new CoordinatorEffect.PrepareClosing(Spec, Attempt, _b, _digests));
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
        if (Stage == RoundStage.Releasing && _leaders!.SeatOf(leader) is { } seat && _released.Add(seat.Slot) && _released.Count == _leaders.Seats.Length)
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
