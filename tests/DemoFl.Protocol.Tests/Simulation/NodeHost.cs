namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>One life of one node: a machine and a host that carries out its effects at once, in order.</summary>
internal sealed class NodeHost
{
    private readonly Federation _federation;
    private readonly NodeMachine _machine;
    private readonly PairChannels _channels;
    private readonly NodeVectors _vectors;
    private readonly SplitMix64 _randomness;
    private readonly Link _uploads;
    private TimeSpan? _tickAt;

    public NodeHost(Federation federation, Resident resident, Incarnation incarnation)
    {
        (_federation, Resident, Incarnation) = (federation, resident, incarnation);
        _randomness = Randomness.For(federation.Scenario.Seed, $"{resident.Name} {incarnation}");
        _machine = new NodeMachine(
            new NodeSettings(federation.Scenario.Rules.Run, resident.Id, incarnation, resident.CanLead, resident.Policy), _randomness.Next());
        _channels = new PairChannels(resident.Id, incarnation, _randomness);
        _vectors = new NodeVectors(_channels);
        _uploads = federation.NewLink($"{resident.Name} uploads {incarnation}");
    }

    public Resident Resident { get; }

    public Incarnation Incarnation { get; }

    public bool IsAlive { get; private set; } = true;

    public LeaderSet? Leaders => _machine.Leaders;

    /// <summary>The stream to the coordinator, or null while it is broken.</summary>
    public ControlStream? Control { get; set; }

    public void Die()
    {
        IsAlive = false;
        _uploads.Cut();
    }

    public void Step(NodeInput input)
    {
        if (!IsAlive)
        {
            return;
        }

        _federation.Trace.Note(Resident.Name, input);
        var effects = new List<NodeEffect>();
        _machine.Step(input, _federation.Events.Now, effects);
        _federation.Invariants.AfterStep(this);
        foreach (var effect in effects)
        {
            _federation.Trace.Note(Resident.Name, effect);
            Execute(effect);
        }

        ScheduleTick();
    }

    /// <summary>A frame from another node, or from this one: a leader is a party too.</summary>
    public void Receive(NodeId sender, PeerFrame frame)
    {
        switch (frame)
        {
            case PeerFrame.Answered m when IsAlive:
                _channels.Accept(m.Answer.Answer);
                break;
            case PeerFrame.Sealed m when IsAlive && _channels.Opens(m):
                Open(sender, m);
                break;
        }
    }

    private void Open(NodeId sender, PeerFrame.Sealed frame)
    {
        switch (frame.Content)
        {
            case SealedContent.Vector m when frame.ToHolder:
                _vectors.Hold(sender, m);
                Step(new NodeInput.VectorHeld(sender, m.Round));
                break;
            case SealedContent.Said m when frame.ToHolder:
                _vectors.Heard(sender, m.Message);
                Step(new NodeInput.FromParty(sender, m.Message));
                break;
            case SealedContent.Said m:
                _federation.Invariants.OnHeardFromHolder(this, frame.Context.Slot, m.Message);
                Step(new NodeInput.FromHolder(frame.Context.Slot, m.Message));
                break;
        }
    }

    private void Execute(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.Tell m:
                _federation.Invariants.OnTold(this, m.Message);
                Tell(m.Message);
                break;
            case NodeEffect.ToHolder m:
                Send(Leaders!.Seats[m.Slot.Index].Holder, m.Slot, toHolder: true, new SealedContent.Said(m.Message));
                break;
            case NodeEffect.ToParty m:
                Send(m.Party, _machine.OwnSlot!.Value, toHolder: false, new SealedContent.Said(m.Message));
                break;
            case NodeEffect.SeatLeaders m:
                _channels.Seat(m.Leaders);
                break;
            case NodeEffect.OfferKeys m:
                Tell(new NodeMessage.OfferMade(_channels.Offer(m.Leaders, m.Slot, m.FirstRound)));
                break;
            case NodeEffect.AnswerOffers m:
                Answer(m);
                break;
            case NodeEffect.PrepareUpdate m:
                Train(m.Spec);
                break;
            case NodeEffect.SubmitVector m:
                Submit(m);
                break;
            case NodeEffect.SignDigest m:
                var signed = new SignedDigest(_machine.OwnSlot!.Value, m.Digest, default);
                _federation.Events.After(TimeSpan.Zero, () => Step(new NodeInput.DigestSigned(signed)));
                break;
            case NodeEffect.ReleaseSum m:
                Release(m);
                break;
            case NodeEffect.CloseRound m:
                _vectors.Forget(m.Round);
                break;
        }
    }

    private void Tell(NodeMessage message)
    {
        var server = _federation.Server;
        Control?.Up.Send(() => server.Step(new CoordinatorInput.NodeSaid(Resident.Id, message)));
    }

    private void Send(NodeId receiver, Slot slot, bool toHolder, SealedContent content)
    {
        if (_channels.Seal(receiver, slot, toHolder, content) is { } frame)
        {
            _federation.Relay(this, receiver, frame);
        }
    }

    private void Answer(NodeEffect.AnswerOffers offers)
    {
        foreach (var offer in offers.Offers.Select(o => o.Offer))
        {
            _federation.Relay(this, offer.Holder, new PeerFrame.Answered(_channels.Answer(offer)));
            Send(offer.Holder, offer.Slot, toHolder: true, new SealedContent.Said(new PeerMessage.Confirm()));
        }
    }

    private void Train(RoundSpec spec)
    {
        var prompt = TimeSpan.FromMilliseconds(10) + _randomness.UpTo(TimeSpan.FromMilliseconds(800));
        switch (Resident.Habit)
        {
            case Habit.Failing:
                _federation.Events.After(prompt, () => Step(new NodeInput.UpdateFailed(spec.Round, "the trainer failed")));
                break;
            case Habit.Diligent or Habit.Late:
                _vectors.Prepare(spec.Round, _federation.Invariants.NewUpdate(Resident.Id, spec.Round, _randomness));
                var nonce = new Nonce(_randomness.Next256());
                _federation.Events.After(
                    Resident.Habit == Habit.Late ? spec.UploadDeadline + prompt : prompt,
                    () => Step(new NodeInput.UpdatePrepared(spec.Round, nonce)));
                break;
        }
    }

    private void Submit(NodeEffect.SubmitVector submit)
    {
        _federation.Invariants.OnSubmit(this, submit);
        if (_vectors.Masked(submit) is not { } words)
        {
            Step(new NodeInput.UpdateFailed(submit.Spec.Round, "the channels to the leaders are gone"));
            return;
        }

        var (server, round) = (_federation.Server, submit.Spec.Round);
        if (submit.Spec.Layout == Layout.Rotating)
        {
            var keeper = submit.Leaders!.Seats[VectorKeeper.Of(submit.Nonce, submit.Leaders.Seats.Length).Index];
            Send(keeper.Holder, keeper.Slot, toHolder: true, new SealedContent.Vector(round, words));
            _federation.Events.After(TimeSpan.Zero, () => Step(new NodeInput.VectorSubmitted(round)));
            return;
        }

        _uploads.Send(() =>
        {
            server.ReceiveVector(Resident.Id, round, submit.Nonce.Hash, words);
            Step(new NodeInput.VectorSubmitted(round));
        });
    }

    private void Release(NodeEffect.ReleaseSum release)
    {
        _federation.Invariants.OnRelease(this, release);
        uint[] sum = _vectors.Sum(release);
        var server = _federation.Server;
        _uploads.Send(() => server.ReceiveSum(Resident.Id, release.Spec.Round, release.Attempt, sum));
    }

    private void ScheduleTick()
    {
        if (_machine.NextDeadline is { } deadline && deadline != _tickAt)
        {
            _tickAt = deadline;
            _federation.Events.At(deadline, () =>
            {
                if (_tickAt == deadline)
                {
                    _tickAt = null;
                    Step(new NodeInput.Tick());
                }
            });
        }
    }
}
