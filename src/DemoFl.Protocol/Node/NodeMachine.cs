namespace DemoFl.Protocol;

/// <summary>
/// How far a process has come in a run. Outlives a lost connection: a node that forgot would let a server play a round, or a term, twice.
/// </summary>
/// <param name="LastRound">The highest round opened.</param>
/// <param name="LastTerm">The highest term whose leaders were announced.</param>
/// <param name="StatisticsDone">How many of the stages before training are over: 0, 1 when the means are known, more when the variances are, too.</param>
/// <param name="Agreed">
/// The sum that this node has as a leader of a round whose end it has not heard of, and whose intersection all leaders have signed: a coordinator that
/// was restarted asks for it. The host keeps what it is made of.
/// </param>
public readonly record struct NodeMemory(Round LastRound, Term LastTerm, int StatisticsDone = 0, NodeEffect.ReleaseSum? Agreed = null);

/// <summary>Who a node is and what its owner accepts; <paramref name="Memory"/> is what its process knows of the run from earlier connections.</summary>
public sealed record NodeSettings(
    RunId Run, NodeId Self, Incarnation Incarnation, bool CanLead, NodePolicy Policy, NodeMemory Memory = default);

/// <summary>
/// A node in the server-based environment: recommends itself, agrees keys, and is a party and perhaps a leader in each round.
/// Sans-I/O: synchronous, single-threaded, deterministic in its inputs and its entropy.
/// </summary>
public sealed class NodeMachine(NodeSettings settings, ulong entropy)
{
    /// <summary>Peer messages that overtake the control stream are kept up to this many: a round's opening, or the filling of a lost slot.</summary>
    public const int MaxEarlyMessages = 4 * RoundSpec.MaxParticipants;

    /// <summary>Of these, from one party: what it has to say to a new holder, and then some.</summary>
    public const int MaxEarlyMessagesOfOne = 8;

    private readonly SplitMix64 _randomness = new(entropy);
    private readonly EarlyMessages _early = new();
    private readonly StatisticsOrder _statistics = new(settings.Memory.StatisticsDone);
    private KeyAgreement? _keys;
    private NodeRound? _round;
    private Round _lastRound = settings.Memory.LastRound;
    private Term _lastTerm = settings.Memory.LastTerm;
    private Term _highestTerm = settings.Memory.LastTerm;
    private (Term Term, TimeSpan At)? _candidacy;
    private NodeEffect.ReleaseSum? _kept = settings.Memory.Agreed;

    /// <summary>What a later connection of this process must know.</summary>
    public NodeMemory Memory => new(_lastRound, _lastTerm, _statistics.Done, _round?.Agreed ?? _kept);

    /// <summary>When the host must next send <see cref="NodeInput.Tick"/>.</summary>
    public TimeSpan? NextDeadline => (_candidacy?.At, _round?.Deadline) switch
    {
        ({ } candidacy, { } round) => candidacy < round ? candidacy : round,
        var (candidacy, round) => candidacy ?? round,
    };

    /// <summary>L of the current term, or null.</summary>
    public LeaderSet? Leaders => _keys?.Leaders;

    /// <summary>The slot this node holds, or null.</summary>
    public Slot? OwnSlot => _keys?.OwnSlot;

    /// <summary>Takes one input. Effects are appended in the order they must happen.</summary>
    public void Step(NodeInput input, TimeSpan now, List<NodeEffect> effects)
    {
        switch (input)
        {
            case NodeInput.FromServer m:
                OnServer(m, now, effects);
                break;
            case NodeInput.Tick when _candidacy is { } candidacy && candidacy.At <= now:
                _candidacy = null;
                effects.Add(new NodeEffect.Tell(new NodeMessage.Recommendation(candidacy.Term)));
                break;
            case NodeInput.FromParty { Message: PeerMessage.Announcement m } when m.Round > _lastRound:
                _early.Keep(input);
                break;

            // Others may know that a lost slot is filled anew before this node is told so itself.
            case NodeInput.FromParty or NodeInput.SeedHeld or NodeInput.VectorHeld when _round?.Awaits(input) == true:
                _early.Keep(input);
                break;
            default:
                _keys?.Step(input, effects);
                _round?.Step(input, now, effects);
                break;
        }
    }

    private void OnServer(NodeInput.FromServer input, TimeSpan now, List<NodeEffect> effects)
    {
        switch (input.Message)
        {
            case ServerMessage.Beat m:
                effects.Add(new NodeEffect.Tell(new NodeMessage.BeatAnswered(m.Number)));
                break;
            case ServerMessage.ElectionOpened m when m.Term > _highestTerm:
                OnElection(m, now);
                break;
            case ServerMessage.LeadersAnnounced m when IsNews(m.Leaders):
                OnLeaders(m.Leaders, m.NextRound, effects);
                break;
            case ServerMessage.SlotOffered m when m.Round >= _lastRound:
                OnSlotOffered(m.Round, m.Leaders, effects);
                break;
            case ServerMessage.Replaced m when m.Round >= _lastRound && IsNews(m.Leaders):
                OnReplaced(m, now, effects);
                break;
            case ServerMessage.RoundOpened m when m.Spec.Round > _lastRound:
                OnRoundOpened(m.Spec, effects);
                break;
            case ServerMessage.RoundCommitted m when m.Round == _round?.Spec.Round:
                _statistics.Committed(_round.Spec.Training.Stage);
                effects.Add(new NodeEffect.ObserveTotals(_round.Spec, m));
                EndRound(null, effects);
                break;
            case ServerMessage.RoundAborted m when m.Round == _round?.Spec.Round:
                EndRound(m.Reason, effects);
                break;
            case ServerMessage.ReleaseAsked m when m.Round == settings.Memory.LastRound:
                effects.Add((_kept?.Spec.Round, _kept?.Attempt) == (m.Round, m.Attempt)
                    ? _kept!
                    : new NodeEffect.Tell(new NodeMessage.LeaderRefused(m.Round, "this node holds no sum of that attempt")));
                break;
            case ServerMessage.RoundCommitted m when m.Round == _kept?.Spec.Round:
                ForgetKept(committed: true, effects);
                break;
            case ServerMessage.RoundAborted m when m.Round == _kept?.Spec.Round:
                ForgetKept(committed: false, effects);
                break;
            case ServerMessage.RunFinished m:
                effects.Add(new NodeEffect.Finish(m.Succeeded, m.Reason));
                break;
            default:
                _keys?.Step(input, effects);
                _round?.Step(input, now, effects);
                break;
        }
    }

    private void OnElection(ServerMessage.ElectionOpened opened, TimeSpan now)
    {
        _highestTerm = opened.Term;

        // A holder keeps its slot in an election that fills the others.
        bool seated = OwnSlot is not null && opened.Seats < Leaders!.Seats.Length;
        if (settings.CanLead && !seated)
        {
            int windowMs = (int)opened.Window.TotalMilliseconds;
            _candidacy = (opened.Term, now + TimeSpan.FromMilliseconds(windowMs == 0 ? 0 : _randomness.Below(windowMs)));
        }
    }

    private bool IsNews(LeaderSet leaders) =>
        leaders.Run == settings.Run && leaders.Term >= _highestTerm && leaders.Term > (_keys?.Leaders.Term ?? default);

    private void OnLeaders(LeaderSet leaders, Round nextRound, List<NodeEffect> effects)
    {
        // A round belongs to the leaders it was opened with: nothing of it may go to others, nor count once their keys are gone.
        if (_round is not null)
        {
            EndRound("the leaders changed", effects);
        }

        _early.Clear();
        Seat(leaders, nextRound > _lastRound ? nextRound : _lastRound.Next, offered: false, effects);
    }

    private void Seat(LeaderSet leaders, Round firstRound, bool offered, List<NodeEffect> effects)
    {
        // A seat of an earlier life, of this process or of its connection, is not ours: its keys died with it, and so did what it had signed.
        var seat = leaders.SeatOf(settings.Self);
        bool kept = seat is not null && seat.Slot == OwnSlot && Leaders!.Seats.Contains(seat);
        bool ours = seat?.Incarnation == settings.Incarnation && (kept || seat!.Since > settings.Memory.LastTerm);
        (_highestTerm, _lastTerm, _candidacy) = (leaders.Term, leaders.Term, null);
        _keys = new KeyAgreement(leaders, ours ? seat!.Slot : null, firstRound, _keys);
        _keys.Begin(offered, effects);
    }

    /// <summary>
    /// The node could take the lost slot: it has keys with all others, whose agreement it must be able to judge. Who joined when the round was open
    /// already says at once that it cannot.
    /// </summary>
    private void OnSlotOffered(Round round, LeaderSet next, List<NodeEffect> effects)
    {
        bool open = _round is { Accepted: true, Offered: null } && _round.Spec.Round == round;
        bool willing = open && settings.CanLead && OwnSlot is null && IsNews(next) && _keys is { IsComplete: true };
        if (willing && Leaders!.ReplacedIn(next) is { } slot && next.Seats[slot.Index] is var seat && seat.Holder == settings.Self
            && seat.Incarnation == settings.Incarnation)
        {
            _round!.Offer(next, slot, effects);
        }
        else
        {
            effects.Add(new NodeEffect.Tell(new NodeMessage.LeaderRefused(round, "this node cannot take the slot")));
        }
    }

    private void OnReplaced(ServerMessage.Replaced replaced, TimeSpan now, List<NodeEffect> effects)
    {
        if (_round is not { Accepted: true } round || round.Spec.Round != replaced.Round)
        {
            OnLeaders(replaced.Leaders, replaced.Round.Next, effects);
            _keys!.Answer([replaced.Offer], effects);
            return;
        }

        if (round.Objection(replaced) is { } objection)
        {
            round.Refuse(objection, effects);
            return;
        }

        var slot = Leaders!.ReplacedIn(replaced.Leaders)!.Value;
        Seat(replaced.Leaders, replaced.Round, offered: round.Offered?.Digest == replaced.Leaders.Digest, effects);
        _keys!.Answer([replaced.Offer], effects);
        round.Reorganise(replaced.Leaders, slot, OwnSlot, now, effects);
        ReplayEarly(effects);
    }

    private void OnRoundOpened(RoundSpec spec, List<NodeEffect> effects)
    {
        if (_round is not null)
        {
            EndRound("superseded by the next round", effects);
        }

        ForgetKept(committed: false, effects);

        _lastRound = spec.Round;
        var leaders = spec.Layout == Layout.Plain ? null : Leaders;
        _round = new NodeRound(spec, leaders, settings.Policy);
        bool participates = spec.Participants.Contains(settings.Self);
        bool keyed = spec.Layout == Layout.Plain || _keys is { IsComplete: true };
        string? objection = spec.Run != settings.Run ? "the round belongs to another run"
            : !keyed ? "this node has no keys with the leaders yet"
            : _statistics.Objection(spec) ?? settings.Policy.Objection(spec, leaders);
        if (objection is not null)
        {
            Decline(spec, objection, participates, effects);
            return;
        }

        if (participates && settings.Policy.PartyRule?.Invoke(spec, leaders) is { } refusal)
        {
            participates = false;
            effects.Add(new NodeEffect.Report(new NodeEvent.Declined(spec.Round, refusal.Reason)));
            effects.Add(new NodeEffect.Tell(new NodeMessage.Declined(spec.Round, refusal.Told)));
        }

        _round.Open(OwnSlot, participates, effects);
        if (_round.Leads)
        {
            ReplayEarly(effects);
        }
    }

    private void Decline(RoundSpec spec, string objection, bool participates, List<NodeEffect> effects)
    {
        effects.Add(new NodeEffect.Report(new NodeEvent.Declined(spec.Round, objection)));
        if (participates)
        {
            effects.Add(new NodeEffect.Tell(new NodeMessage.Declined(spec.Round, objection)));
        }

        if (OwnSlot is not null)
        {
            effects.Add(new NodeEffect.Tell(new NodeMessage.LeaderRefused(spec.Round, objection)));
        }
    }

    /// <summary>What came too early for this node's slot or round; what is for a later one goes on waiting.</summary>
    private void ReplayEarly(List<NodeEffect> effects)
    {
        foreach (var input in _early.Take(i => i is not NodeInput.FromParty { Message: PeerMessage.Announcement m } || m.Round <= _lastRound))
        {
            _keys?.Step(input, effects);
            _round?.Lead(input, effects);
        }
    }

    /// <summary>The round of an earlier connection is over, one way or the other.</summary>
    private void ForgetKept(bool committed, List<NodeEffect> effects)
    {
        if (_kept is { } kept)
        {
            _kept = null;
            effects.Add(new NodeEffect.CloseRound(kept.Spec.Round, committed));
        }
    }

    private void EndRound(string? abortReason, List<NodeEffect> effects)
    {
        var round = _round!.Spec.Round;
        _round = null;
        effects.Add(new NodeEffect.CloseRound(round, abortReason is null));
        effects.Add(new NodeEffect.Report(new NodeEvent.RoundEnded(round, abortReason)));
    }
}
