using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// One attempt to close a round at the coordinator (DESIGN section 7, steps 5 and 6): B_0 to the leaders, their B_j, their digests, the durable closing
/// record, their sums. A round whose leaders changed begins another attempt; this one is forgotten then.
/// </summary>
internal sealed class RoundClosing(RoundSpec spec, CoordinatorRules rules, LeaderSet? leaders, Attempt attempt, PartySet uploaded)
{
    private readonly LeaderReports _reports = new(leaders);
    private bool _takenUp;

    public Attempt Attempt => attempt;

    /// <summary>B_0.</summary>
    public PartySet Uploaded => uploaded;

    /// <summary>B, once the leaders' reports are in.</summary>
    public PartySet Intersection { get; private set; } = new([]);

    public RoundStage Stage { get; private set; } = RoundStage.Intersecting;

    /// <summary>When the attempt gives up waiting, or null while only the coordinator's own disk is at work.</summary>
    public TimeSpan? Deadline { get; private set; }

    /// <summary>Why the attempt came to nothing, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>It failed for k_min.</summary>
    public bool HasTooFew => Stage == RoundStage.Intersecting && Intersection.Count < spec.KMin && _reports.HaveAllHoldings;

    /// <summary>The leaders by whose silence or word it did.</summary>
    public ImmutableArray<Seat> Culprits { get; private set; } = [];

    /// <summary>Its time ran out, and nobody can say by whose fault.</summary>
    public bool IsUnexplained { get; private set; }

    /// <summary>A leader has handed out its sum: no slot can be filled anew any more.</summary>
    public bool AnyReleased => _reports.AnyReleased;

    public bool HasSumOf(Slot slot) => _reports.HasReleased(slot);

    public void Begin(TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (leaders is null)
        {
            Intersection = uploaded;
            PrepareClosing(effects);
            return;
        }

        Deadline = now + spec.CloseDeadline;
        Enter(RoundStage.Intersecting, uploaded.Count, effects);
        SendToLeaders(new ServerMessage.HoldingsAsked(spec.Round, attempt, uploaded, rules.Care.LeadersIntersect), effects);
    }

    /// <summary>Goes on behind the durable record of this attempt, in another process: the leaders' sums are all that is missing.</summary>
    public void TakeUp(TimeSpan now, List<CoordinatorEffect> effects)
    {
        (_takenUp, Intersection) = (true, uploaded);
        AcceptSums(now, effects);
    }

    public void Step(CoordinatorInput input, TimeSpan now, List<CoordinatorEffect> effects)
    {
        switch (input)
        {
            case CoordinatorInput.NodeArrived m when _takenUp && Stage == RoundStage.Releasing && leaders!.SeatOf(m.Node) is { } seat:
                OnReturned(m, seat, effects);
                break;
            case CoordinatorInput.NodeSaid { Message: NodeMessage.HoldingsReported m } said when m.Round == spec.Round && m.Attempt == attempt:
                OnHoldings(said.Node, m.Holdings, effects);
                break;
            case CoordinatorInput.NodeSaid { Message: NodeMessage.DigestsReported m } said when m.Round == spec.Round && m.Attempt == attempt:
                OnDigests(said.Node, m.Digests, effects);
                break;
            case CoordinatorInput.ClosingPrepared m when m.Round == spec.Round && m.Attempt == attempt && Stage == RoundStage.Closing:
                OnClosingPrepared(now, effects);
                break;
            case CoordinatorInput.SumReceived m when m.Round == spec.Round && m.Attempt == attempt && Stage == RoundStage.Releasing && _reports.AddSum(m.Leader):
                CommitNow(effects);
                break;
            case CoordinatorInput.CommitFailed m when m.Round == spec.Round && Stage is RoundStage.Closing or RoundStage.Committing:
                Failure = m.Reason;
                break;
            case CoordinatorInput.Tick when Deadline <= now:
                // Who has not found its way back to a restarted coordinator yet has done nothing wrong.
                Culprits = _takenUp ? [] : _reports.Silent(Stage);
                IsUnexplained = Culprits.IsEmpty;
                Failure = $"the close deadline of {spec.CloseDeadline.TotalSeconds:0.#} s passed while {Stage}";
                break;
        }
    }

    /// <summary>The same process has kept what it needs for its sum (DESIGN section 7); another one with the node's key knows nothing of it.</summary>
    private void OnReturned(CoordinatorInput.NodeArrived node, Seat seat, List<CoordinatorEffect> effects)
    {
        if (node.Incarnation != seat.Incarnation)
        {
            Failure = "a leader was started anew, and its sum is gone";
        }
        else if (!HasSumOf(seat.Slot))
        {
            effects.Add(new CoordinatorEffect.Send(node.Node, new ServerMessage.ReleaseAsked(spec.Round, attempt)));
        }
    }

    private void OnHoldings(NodeId leader, ImmutableArray<NodeId> holdings, List<CoordinatorEffect> effects)
    {
        if (Stage != RoundStage.Intersecting || !_reports.AddHoldings(leader, holdings))
        {
            return;
        }

        Intersection = new PartySet(uploaded.Contributions.Where(_reports.IsHeldByAll));
        if (Intersection.Count < spec.KMin)
        {
            Failure = $"{Intersection.Count} parties in the intersection, fewer than k_min = {spec.KMin}";
            return;
        }

        Enter(RoundStage.Agreeing, Intersection.Count, effects);
        if (rules.Care.LeadersIntersect)
        {
            JudgeDigests(effects);
        }
        else
        {
            SendToLeaders(new ServerMessage.IntersectionProposed(spec.Round, attempt, Intersection), effects);
        }
    }

    private void OnDigests(NodeId leader, ImmutableArray<SignedDigest> digests, List<CoordinatorEffect> effects)
    {
        // Where the leaders intersect, one may be done before another's B is here.
        bool awaited = Stage == RoundStage.Agreeing || (Stage == RoundStage.Intersecting && rules.Care.LeadersIntersect);
        if (awaited && _reports.AddDigests(leader, digests) && Stage == RoundStage.Agreeing)
        {
            JudgeDigests(effects);
        }
    }

    private void JudgeDigests(List<CoordinatorEffect> effects)
    {
        var expected = new RoundDigest(spec.Run, leaders!.Term, spec.Round, attempt, spec.Digest, leaders.Digest, Intersection.Digest);
        if (_reports.Disagreement(expected) is { } disagreement)
        {
            Culprits = disagreement.Culprits;
            Failure = $"leader {disagreement.Reporter.Holder} reported digests that differ from the round's";
        }
        else if (_reports.AllAgree)
        {
            PrepareClosing(effects);
        }
    }

    private void PrepareClosing(List<CoordinatorEffect> effects)
    {
        Enter(RoundStage.Closing, Intersection.Count, effects);
        Deadline = null;
        effects.Add(new CoordinatorEffect.PrepareClosing(spec, leaders, attempt, Intersection, _reports.Digests));
    }

    private void OnClosingPrepared(TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (leaders is null)
        {
            CommitNow(effects);
            return;
        }

        AcceptSums(now, effects);
        SendToLeaders(new ServerMessage.ReleaseAsked(spec.Round, attempt), effects);
    }

    private void AcceptSums(TimeSpan now, List<CoordinatorEffect> effects)
    {
        Enter(RoundStage.Releasing, Intersection.Count, effects);
        Deadline = now + spec.CloseDeadline;
        effects.Add(new CoordinatorEffect.AcceptSums(spec.Round, attempt, leaders!));
    }

    private void CommitNow(List<CoordinatorEffect> effects)
    {
        Enter(RoundStage.Committing, Intersection.Count, effects);
        Deadline = null;
        effects.Add(new CoordinatorEffect.CommitRound(spec, Intersection));
    }

    private void Enter(RoundStage stage, int parties, List<CoordinatorEffect> effects)
    {
        Stage = stage;
        effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.StageReached(spec.Round, stage, parties)));
    }

    private void SendToLeaders(ServerMessage message, List<CoordinatorEffect> effects)
    {
        foreach (var seat in leaders!.Seats)
        {
            effects.Add(new CoordinatorEffect.Send(seat.Holder, message));
        }
    }
}
