namespace DemoFl.Simulation;

/// <summary>
/// Watches a whole federation from outside and knows everything, so it can be dumb: it records what was seen and compares. Each check names the
/// promise of DESIGN section 3 that it stands for. Promises that assume an honest coordinator are not asked of an evil one.
/// </summary>
internal sealed class Promises
{
    private readonly Federation _federation;
    private readonly JournalPromises _journal = new();
    private readonly TermPromises _terms;
    private readonly StalePromises _stale = new();
    private readonly PartyPromises _parties;
    private readonly SharePromises _shares;
    private readonly LeaderPromises _leaders;
    private readonly SumPromises _sums;
    private readonly TimePromises _times;
    private readonly RoundViews? _views;

    public Promises(Federation federation)
    {
        _federation = federation;
        var words = new PartyWords();
        _terms = new TermPromises(federation.Scenario);
        _parties = new PartyPromises(federation, words);
        _shares = new SharePromises(federation);
        _leaders = new LeaderPromises(federation, words);
        _sums = new SumPromises(federation.Scenario, words);
        _times = new TimePromises(federation);
        _views = federation.Scenario.Evil is null ? null : new RoundViews(federation);
    }

    private bool IsHonest => _federation.Scenario.Evil is null;

    public void OnStart(CoordinatorProgress progress)
    {
        _journal.OnStart(progress);
        _terms.OnStart(progress);
        _sums.OnStart(progress);
        _times.OnStart();
    }

    public void OnDurable(DiskRecord record)
    {
        _journal.OnDurable(record);
        _sums.OnDurable(record);
    }

    public void AfterStep(CoordinatorMachine machine, CoordinatorInput input, IReadOnlyList<CoordinatorEffect> effects)
    {
        if (IsHonest)
        {
            _terms.AfterStep(machine);
            _stale.AfterStep(machine, input, effects);
        }
    }

    public void AfterStep(NodeHost node, NodeInput input, NodeMemory before, IReadOnlyList<NodeEffect> effects)
    {
        if (!node.Resident.IsCorrupt)
        {
            _terms.AfterStep(node);
            _stale.AfterStep(node, input, before, effects);
            _parties.AfterStep(node, input);
            _leaders.AfterStep(node, input, effects);
        }
    }

    public void OnCoordinator(CoordinatorEffect effect)
    {
        if (IsHonest)
        {
            _journal.On(effect);
            _terms.On(effect);
            _sums.On(effect);
        }
    }

    public void OnNode(NodeHost node, NodeEffect effect)
    {
        if (node.Resident.IsCorrupt)
        {
            return;
        }

        _parties.On(node, effect);
        _leaders.On(node, effect);
        if (effect is NodeEffect.Tell { Message: NodeMessage.HoldingsReported m })
        {
            _sums.OnReported(node, m);
        }
    }

    public void OnSealed(NodeHost sender, NodeId receiver, PeerFrame.Sealed frame)
    {
        if (!sender.Resident.IsCorrupt)
        {
            _shares.OnSealed(sender, receiver, frame);
            _parties.OnSealed(sender, frame);
            _views?.OnSealed(sender, receiver, frame);
        }
    }

    public void OnAnswered(NodeHost node, KeyOffer offer) =>
        Promise.Require(
            _federation.Signatures.IsMember(offer.Holder), $"P2: {node.Resident.Name} agrees a key with {offer.Holder}, which nobody vouches for");

    public void OnTrained(NodeHost node, RoundSpec spec, uint[] update, Nonce nonce) => _parties.OnTrained(node, spec, update, nonce);

    public void OnSubmitted(NodeHost party, NodeEffect.SubmitVector submit, (Seat Seat, Hash256 Mask)[] masks)
    {
        if (!party.Resident.IsCorrupt)
        {
            _parties.OnSubmitted(party, submit, masks);
            _views?.OnSubmitted(party, submit, masks);
        }
    }

    public void OnReleased(NodeHost leader, NodeEffect.ReleaseSum release, IReadOnlyList<(NodeId Party, Hash256? Mask)> of)
    {
        if (!leader.Resident.IsCorrupt)
        {
            _leaders.OnReleased(leader, release);
            _sums.OnReleased(leader, release);
            _views?.OnReleased(release, of);
        }
    }

    public void OnCommit(CoordinatorEffect.CommitRound commit, uint[] total)
    {
        if (IsHonest)
        {
            _sums.OnCommit(commit, total);
        }
    }

    public void OnReport(CoordinatorEvent happened)
    {
        if (IsHonest)
        {
            _times.OnReport(happened);
        }
    }

    public void OnStruck(Disturbance disturbance, Resident target) => _times.OnStruck(disturbance, target);

    public void OnSessionEnded(NodeHost node) => _terms.Forget(node);

    public void AtEnd() => _views?.Check();
}
