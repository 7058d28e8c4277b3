namespace DemoFl.Protocol;

/// <summary>
/// How far a process has come in a run. Outlives a lost connection: a node that forgot would let a server play a round, or a term, twice.
/// </summary>
/// <param name="LastRound">The highest round opened.</param>
/// <param name="LastTerm">The highest term whose leaders were announced.</param>
/// <param name="StatisticsDone">How many of the stages before training are over: 0, 1 when the means are known, more when the variances are, too.</param>
public readonly record struct NodeMemory(Round LastRound, Term LastTerm, int StatisticsDone = 0);

/// <summary>Who a node is and what its owner accepts; <paramref name="Memory"/> is what its process knows of the run from earlier connections.</summary>
public sealed record NodeSettings(
    RunId Run, NodeId Self, Incarnation Incarnation, bool CanLead, NodePolicy Policy, NodeMemory Memory = default);

/// <summary>
/// A node in the server-based environment: recommends itself, agrees keys, and is a party and perhaps a leader in each round.
/// Sans-I/O: synchronous, single-threaded, deterministic in its inputs and its entropy.
/// </summary>
public sealed class NodeMachine(NodeSettings settings, ulong entropy)
{
    /// <summary>Peer messages that overtake the round's opening on the control stream are kept up to this many.</summary>
    public const int MaxEarlyMessages = 4 * RoundSpec.MaxParticipants;

    private readonly SplitMix64 _randomness = new(entropy);
    private readonly Queue<NodeInput> _early = new();
    private KeyAgreement? _keys;
    private PartyRound? _party;
    private LeaderRound? _leader;
    private RoundSpec? _open;
    private Round _lastRound = settings.Memory.LastRound;
    private Term _lastTerm = settings.Memory.LastTerm;
    private Term _highestTerm = settings.Memory.LastTerm;
    private (Term Term, TimeSpan At)? _candidacy;
    private int _statisticsDone = settings.Memory.StatisticsDone;

    /// <summary>What a later connection of this process must know.</summary>
    public NodeMemory Memory => new(_lastRound, _lastTerm, _statisticsDone);

    /// <summary>When the host must next send <see cref="NodeInput.Tick"/>.</summary>
    public TimeSpan? NextDeadline => _candidacy?.At;

    /// <summary>L of the current term, or null.</summary>
    public LeaderSet? Leaders => _keys?.Leaders;

    /// <summary>The slot this node holds, or null.</summary>
    public Slot? OwnSlot => _keys?.OwnSlot;

    /// <summary>Takes one input. Effects are appended in the order they must happen.</summary>
    public void Step(NodeInput input, TimeSpan now, List<NodeEffect> effects)
    {
        switch (input)
        {
            case NodeInput.FromServer { Message: ServerMessage.ElectionOpened m } when m.Term > _highestTerm:
                OnElection(m, now);
                break;
            case NodeInput.Tick when _candidacy is { } candidacy && candidacy.At <= now:
                _candidacy = null;
                effects.Add(new NodeEffect.Tell(new NodeMessage.Recommendation(candidacy.Term)));
                break;
            case NodeInput.FromServer { Message: ServerMessage.LeadersAnnounced m } when IsNews(m.Leaders):
                OnLeaders(m.Leaders, m.NextRound, effects);
                break;
            case NodeInput.FromServer { Message: ServerMessage.RoundOpened m } when m.Spec.Round > _lastRound:
                OnRoundOpened(m.Spec, effects);
                break;
            case NodeInput.FromServer { Message: ServerMessage.RoundCommitted m } when m.Round == _open?.Round:
                _statisticsDone = Math.Max(_statisticsDone, DoneBefore(_open.Training.Stage) + 1);
                effects.Add(new NodeEffect.ObserveTotals(_open, m));
                EndRound(null, effects);
                break;
            case NodeInput.FromServer { Message: ServerMessage.RoundAborted m } when m.Round == _open?.Round:
                EndRound(m.Reason, effects);
                break;
            case NodeInput.FromServer { Message: ServerMessage.RunFinished m }:
                effects.Add(new NodeEffect.Finish(m.Succeeded, m.Reason));
                break;
            case NodeInput.FromParty { Message: PeerMessage.Announcement m } when m.Round > _lastRound && _early.Count < MaxEarlyMessages:
                _early.Enqueue(input);
                break;
            default:
                _keys?.Step(input, effects);
                _party?.Step(input, effects);
                _leader?.Step(input, effects);
                break;
        }
    }

    private void OnElection(ServerMessage.ElectionOpened opened, TimeSpan now)
    {
        _highestTerm = opened.Term;
        if (settings.CanLead)
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
        if (_open is not null)
        {
            EndRound("the leaders changed", effects);
        }

        _early.Clear();
        (_highestTerm, _lastTerm, _candidacy) = (leaders.Term, leaders.Term, null);
        var seat = leaders.SeatOf(settings.Self);

        // A seat of an earlier life, of this process or of its connection, is not ours: its keys died with it, and so did what it had signed.
        bool ours = seat?.Incarnation == settings.Incarnation && leaders.Term > settings.Memory.LastTerm;
        Slot? own = ours ? seat!.Slot : null;
        _keys = new KeyAgreement(leaders, own, nextRound > _lastRound ? nextRound : _lastRound.Next);
        _keys.Begin(effects);
    }

    private void OnRoundOpened(RoundSpec spec, List<NodeEffect> effects)
    {
        if (_open is not null)
        {
            EndRound("superseded by the next round", effects);
        }

        _lastRound = spec.Round;
        _open = spec;
        bool participates = spec.Participants.Contains(settings.Self);
        bool keyed = spec.Layout == Layout.Plain || _keys is { IsComplete: true };
        string? objection = spec.Run != settings.Run ? "the round belongs to another run"
            : !keyed ? "this node has no keys with the leaders yet"
            : OutOfPlace(spec) ?? settings.Policy.Objection(spec, _keys?.Leaders);
        if (objection is not null)
        {
            Decline(spec, objection, participates, effects);
            return;
        }

        var leaders = spec.Layout == Layout.Plain ? null : _keys!.Leaders;
        if (participates && settings.Policy.PartyRule?.Invoke(spec, leaders) is { } refusal)
        {
            participates = false;
            effects.Add(new NodeEffect.Report(new NodeEvent.Declined(spec.Round, refusal.Reason)));
            effects.Add(new NodeEffect.Tell(new NodeMessage.Declined(spec.Round, refusal.Told)));
        }

        effects.Add(new NodeEffect.OpenRound(spec));
        if (leaders is not null && OwnSlot is { } slot)
        {
            _leader = new LeaderRound(spec, leaders, slot);
            ReplayEarly(effects);
        }

        if (participates)
        {
            _party = new PartyRound(spec, leaders);
            _party.Open(effects);
        }
    }

    /// <summary>
    /// Statistics come first, once, in an encoding that everybody knows: asked for again, over other parties each time, their differences would tell
    /// of single ones.
    /// </summary>
    private string? OutOfPlace(RoundSpec spec)
    {
        var stage = spec.Training.Stage;
        int before = DoneBefore(stage);
        bool late = stage != TrainingStage.Training && before < _statisticsDone;
        _statisticsDone = Math.Max(_statisticsDone, before);
        return late ? $"the round asks for the {stage} of columns, and that stage is over" : StatisticsEncoding.Objection(spec);
    }

    private static int DoneBefore(TrainingStage stage) => stage switch { TrainingStage.Means => 0, TrainingStage.Variances => 1, _ => 2 };

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

    private void ReplayEarly(List<NodeEffect> effects)
    {
        for (int i = _early.Count; i > 0; i--)
        {
            var input = _early.Dequeue();
            if (input is NodeInput.FromParty { Message: PeerMessage.Announcement m } && m.Round > _lastRound)
            {
                _early.Enqueue(input);
            }
            else
            {
                _leader!.Step(input, effects);
            }
        }
    }

    private void EndRound(string? abortReason, List<NodeEffect> effects)
    {
        var round = _open!.Round;
        (_open, _party, _leader) = (null, null, null);
        effects.Add(new NodeEffect.CloseRound(round, abortReason is null));
        effects.Add(new NodeEffect.Report(new NodeEvent.RoundEnded(round, abortReason)));
    }
}
