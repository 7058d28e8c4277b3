namespace DemoFl.Protocol;

/// <summary>
/// The coordinator of the server-based environment (DESIGN section 7): gathers nodes, has them elect leaders and agree keys, and
/// runs rounds until enough are committed. Sans-I/O: synchronous, single-threaded, deterministic in its inputs. Watches the leaders, has a lost one's
/// slot filled anew in the middle of a round, and hands slots on between rounds.
/// </summary>
public sealed class CoordinatorMachine
{
    private readonly CoordinatorRules _rules;
    private readonly SplitMix64 _leaderDraw;
    private readonly Membership _members = new();
    private readonly LeaderTerm _leaders;
    private readonly RoundCourse _round;
    private readonly Heartbeats _heartbeats;
    private readonly RunState _run;
    private UnfinishedRound? _unfinished;
    private TimeSpan? _phaseDeadline;
    private TimeSpan _phaseStarted;
    private bool _gathered;
    private bool _stopRequested;

    /// <summary>
    /// Continues from <paramref name="progress"/>. <paramref name="entropy"/> seeds the draw of appointed leaders and should come
    /// from the operating system; participants are drawn from the job's own seed.
    /// </summary>
    public CoordinatorMachine(CoordinatorRules rules, CoordinatorProgress progress, ulong entropy)
    {
        _rules = rules;
        _leaderDraw = new SplitMix64(entropy);
        _leaders = new LeaderTerm(rules, progress.LastTerm);
        _round = new RoundCourse(rules, _leaders, _members, _leaderDraw);
        _heartbeats = new Heartbeats(rules.Care);
        _run = new RunState(rules, progress);
        _gathered = progress.LastTerm > default(Term) || progress.LastRound > default(Round);
        if (_run.Outcome is null && progress.Unfinished is not null)
        {
            (_unfinished, Phase) = (progress.Unfinished, CoordinatorPhase.InRound);
        }
    }

    /// <summary>Where the machine stands.</summary>
    public CoordinatorPhase Phase { get; private set; } = CoordinatorPhase.Gathering;

    /// <summary>The highest term opened.</summary>
    public Term Term => _leaders.Term;

    /// <summary>L, when seated.</summary>
    public LeaderSet? Leaders => _leaders.Seated;

    /// <summary>The highest round opened.</summary>
    public Round Round => _run.LastRound;

    /// <summary>Rounds committed so far, over all restarts.</summary>
    public int CommittedRounds => _run.CommittedRounds;

    /// <summary>Nodes present, and those of them with keys.</summary>
    public (int Present, int Keyed) Nodes => (_members.Count, _members.KeyedCount);

    /// <summary>When the host must next send <see cref="CoordinatorInput.Tick"/>, on the clock of <c>now</c>.</summary>
    public TimeSpan? NextDeadline => Phase == CoordinatorPhase.Finished ? null
        : _unfinished is not null || (Phase == CoordinatorPhase.Gathering && _run.Outcome is not null) ? TimeSpan.Zero
        : new[] { _round.Deadline, _phaseDeadline, _heartbeats.Deadline }.Min();

    /// <summary>Takes one input. <paramref name="now"/> is monotonic. Effects are appended in the order they must happen.</summary>
    public void Step(CoordinatorInput input, TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (Phase == CoordinatorPhase.Finished)
        {
            return;
        }

        if (_unfinished is { } unfinished)
        {
            _unfinished = null;
            _round.TakeUp(unfinished, now, effects);
        }

        switch (input)
        {
            case CoordinatorInput.NodeArrived m:
                OnArrived(m, effects);
                break;
            case CoordinatorInput.NodeDeparted m when !_members.Depart(m.Node, m.Incarnation, m.Connection):
                return;
            case CoordinatorInput.NodeDeparted m:
                _leaders.OnDeparture(m.Node);
                break;
            case CoordinatorInput.NodeSaid m when _members.Find(m.Node) is null:
                return;
            case CoordinatorInput.NodeSaid m:
                OnSaid(m.Node, m.Message, now, effects);
                break;
            case CoordinatorInput.Tick:
                foreach (var (seat, reason) in _heartbeats.Advance(now, effects))
                {
                    _leaders.LoseSilent(seat.Holder, reason);
                }

                break;
            case CoordinatorInput.StopRequested:
                _stopRequested = true;
                break;
        }

        _round.Step(input, now, effects);
        Advance(input, now, effects);
        _heartbeats.Watch(_leaders.Seated, now);
    }

    private void OnSaid(NodeId node, NodeMessage message, TimeSpan now, List<CoordinatorEffect> effects)
    {
        switch (message)
        {
            case NodeMessage.Recommendation m:
                _leaders.OnRecommendation(_members.Find(node)!, m.Term);
                break;

            // Who refuses to hand a slot on in the middle of a round does what it must; so does who will not take it.
            case NodeMessage.OfferMade or NodeMessage.ReplacementAgreed or NodeMessage.LeaderRefused when _round.IsReorganising:
                _round.OnSaid(node, message, effects);
                break;
            case NodeMessage.OfferMade m:
                _leaders.OnOffer(node, m.Offer, effects);
                break;
            // Nor does it become a candidate again by saying that it has keys: the elections of one round would have no end.
            case NodeMessage.KeysEstablished m when m.Term == _leaders.Seated?.Term && !_round.IsReorganising:
                _members.MarkKeyed(node);
                break;
            case NodeMessage.HolderSilent m when m.Round == _round.Spec?.Round && m.Slot.Index < (_leaders.Seated?.Seats.Length ?? 0):
                if (_round.Complain(node, _leaders.Seated!.Seats[m.Slot.Index]))
                {
                    _heartbeats.Probe(_leaders.Seated.Seats[m.Slot.Index], now, effects);
                }

                break;
            case NodeMessage.BeatAnswered m when _leaders.Seated?.SeatOf(node) is { } seat:
                _heartbeats.OnAnswer(seat, m.Number);
                break;
            case NodeMessage.LeaderRefused m when m.Round == _run.LastRound && _leaders.HasLed(node):
                _leaders.Distrust(node, $"it refused: {m.Reason}");
                break;
        }
    }

    private void OnArrived(CoordinatorInput.NodeArrived m, List<CoordinatorEffect> effects)
    {
        _leaders.OnDeparture(m.Node);
        _members.Arrive(new Member(m.Node, m.Name, m.Incarnation, m.CanLead, m.Connection));
        if (Phase == CoordinatorPhase.Gathering)
        {
            ReportGathering(effects);
        }

        _leaders.Vacate(m.Node, "it joined again, without the keys of its slot");
        _leaders.Welcome(m.Node, _run.LastRound.Next, effects);
    }

    /// <summary>The operator's minimum holds for the first election only: who leaves for good later must not stop the run.</summary>
    private int NodesNeeded => Math.Max(_gathered ? 0 : _rules.MinimumNodes, Math.Max(_rules.KMin, _rules.EffectiveLeaders));

    /// <summary>Enough nodes, in enough processes: one process holds one slot (promise P3).</summary>
    private bool CanBegin => _members.Count >= NodesNeeded && _members.LeadingProcesses >= _rules.EffectiveLeaders;

    private void ReportGathering(List<CoordinatorEffect> effects) => effects.Add(new CoordinatorEffect.Report(
        _members.Count >= NodesNeeded && !CanBegin
            ? new CoordinatorEvent.WaitingForCandidates(_members.LeadingProcesses, _rules.EffectiveLeaders)
            : new CoordinatorEvent.WaitingForNodes(_members.Count, NodesNeeded)));

    /// <summary>Moves from phase to phase as far as the state allows.</summary>
    private void Advance(CoordinatorInput input, TimeSpan now, List<CoordinatorEffect> effects)
    {
        EndRoundIfOver(now, effects);
        if (_stopRequested && Phase != CoordinatorPhase.Finished && !_round.DiskAtWork)
        {
            _round.Abort("the server is stopping");
            EndRoundIfOver(now, effects);
            if (Phase != CoordinatorPhase.Finished)
            {
                Finish(false, "stopped on request", effects);
            }

            return;
        }

        if (Phase == CoordinatorPhase.Keying && !_leaders.IsIntact(_members))
        {
            BeginTerm(now, effects);
        }

        bool timeUp = input is CoordinatorInput.Tick && _phaseDeadline <= now;
        switch (Phase)
        {
            case CoordinatorPhase.Gathering when _run.Outcome is { } outcome:
                Finish(outcome.Succeeded, outcome.Reason, effects);
                break;
            case CoordinatorPhase.Gathering when CanBegin:
                BeginTerm(now, effects);
                break;
            case CoordinatorPhase.Electing when _leaders.ElectionIsVoid(_members):
                BeginTerm(now, effects);
                break;
            case CoordinatorPhase.Electing when _leaders.ElectionComplete:
                BeginKeys(now, effects);
                break;
            case CoordinatorPhase.Electing when timeUp:
                // Who was taken out of a slot that it believes to hold does not come forward for it: all slots are open now.
                _leaders.Retire();
                BeginTerm(now, effects);
                break;
            case CoordinatorPhase.Keying when _leaders.Seated is { } leaders && KeysAreReady(leaders, timeUp):
                effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.KeysReady(
                    Term, _members.KeyedCount, _members.Count - _members.KeyedCount, now - _phaseStarted)));
                OpenRound(now, effects);
                break;
            case CoordinatorPhase.Keying when timeUp:
                _leaders.DistrustKeyless();
                BeginTerm(now, effects);
                break;
        }
    }

    /// <summary>All present nodes, or at the deadline enough of them; always every leader.</summary>
    private bool KeysAreReady(LeaderSet leaders, bool timeUp) =>
        leaders.Seats.All(s => _members.IsKeyed(s.Holder))
        && _members.KeyedCount >= (timeUp ? Math.Max(_rules.KMin, leaders.Seats.Length) : _members.Count);

    private void BeginTerm(TimeSpan now, List<CoordinatorEffect> effects)
    {
        _leaders.ReportLost(_members, effects);
        _members.ForgetKeys();
        if (!CanBegin)
        {
            _leaders.Dismiss();
            Enter(CoordinatorPhase.Gathering, now, null);
            ReportGathering(effects);
            return;
        }

        _gathered = true;
        if (_rules.EffectiveLeaders == 0)
        {
            OpenRound(now, effects);
            return;
        }

        _leaders.Open(_members, _run.LastRound.Next, _leaderDraw, effects);
        Enter(CoordinatorPhase.Electing, now, ElectionEnds(now));
        if (_leaders.ElectionComplete)
        {
            BeginKeys(now, effects);
        }
    }

    /// <summary>Recommendations need to travel after the window's last moment.</summary>
    private TimeSpan ElectionEnds(TimeSpan now) => now + _rules.ElectionWindow + LeaderTerm.RecommendationGrace;

    private void BeginKeys(TimeSpan now, List<CoordinatorEffect> effects)
    {
        var leaders = _leaders.Seat(_run.LastRound.Next, effects);
        effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.LeadersSeated(leaders, now - _phaseStarted)));
        Enter(CoordinatorPhase.Keying, now, now + _rules.KeyDeadline);
    }

    private void OpenRound(TimeSpan now, List<CoordinatorEffect> effects)
    {
        var eligible = _rules.EffectiveLeaders == 0 ? _members.Everyone : _members.Keyed;
        _round.Open(_run.OpenNext(eligible), now, effects);
        Enter(CoordinatorPhase.InRound, now, null);
    }

    private void EndRoundIfOver(TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (_round.TakeEnded() is not { } round)
        {
            return;
        }

        _run.Conclude(round, now, effects);
        if (round.AbortReason is not null)
        {
            _leaders.PassOverLost(_members);
        }

        foreach (var culprit in round.Culprits)
        {
            _leaders.Distrust(culprit.Holder, "the round failed by its silence or its word");
        }

        // With keys, nodes that have none might make the difference.
        bool keysAreMissing = round.HadTooFew && _members.KeyedCount < _members.Count;
        if (round.LeadersAreSuspect || keysAreMissing)
        {
            _leaders.Retire();
        }

        if (_run.Outcome is { } outcome)
        {
            Finish(outcome.Succeeded, outcome.Reason, effects);
        }
        else if (!_stopRequested)
        {
            OpenNext(now, effects);
        }
    }

    private void OpenNext(TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (_leaders.ServedRound(_members))
        {
            var relieved = _leaders.Relieve();
            effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.TenureOver(Term, relieved.Slot, relieved.Holder)));
        }

        int eligible = _rules.EffectiveLeaders == 0 ? _members.Count : _members.KeyedCount;
        if (_leaders.IsIntact(_members) && _leaders.Reaches(_run.LastRound.Next) && eligible >= _rules.KMin)
        {
            OpenRound(now, effects);
        }
        else
        {
            BeginTerm(now, effects);
        }
    }

    private void Finish(bool succeeded, string reason, List<CoordinatorEffect> effects)
    {
        Phase = CoordinatorPhase.Finished;
        _phaseDeadline = null;
        effects.Add(new CoordinatorEffect.Broadcast(new ServerMessage.RunFinished(succeeded, reason)));
        effects.Add(new CoordinatorEffect.Finish(succeeded, reason));
    }

    private void Enter(CoordinatorPhase phase, TimeSpan now, TimeSpan? deadline) =>
        (Phase, _phaseStarted, _phaseDeadline) = (phase, now, deadline);
}
