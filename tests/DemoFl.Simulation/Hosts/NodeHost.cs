namespace DemoFl.Simulation;

/// <summary>
/// One session of one node: a machine and a host that carries out its effects at once, in order. What a process must know of earlier sessions comes
/// in as its memory; channels and rounds end with the session.
/// </summary>
internal sealed class NodeHost
{
    private readonly Federation _federation;
    private readonly NodeMachine _machine;
    private readonly PairChannels _channels;
    private readonly NodeWork _work;
    private readonly HostClock _clock;
    private readonly Alarm _alarm;
    private readonly Queue<NodeInput> _own = new();
    private readonly List<NodeEffect> _effects = [];
    private readonly Inbox _inbox;
    private bool _stepping;

    /// <param name="federation">The world around it.</param>
    /// <param name="resident">The node.</param>
    /// <param name="incarnation">Of its process.</param>
    /// <param name="memory">What its process knows of earlier sessions.</param>
    /// <param name="held">What the last of them held.</param>
    /// <param name="session">Its name.</param>
    public NodeHost(Federation federation, Resident resident, Incarnation incarnation, NodeMemory memory, NodeVectors? held, string session)
    {
        (_federation, Resident, Incarnation) = (federation, resident, incarnation);
        var randomness = Randomness.For(federation.Scenario.Seed, $"{resident.Name} {session}");
        _machine = new NodeMachine(
            new NodeSettings(federation.Scenario.Rules.Run, resident.Id, incarnation, resident.CanLead, resident.Policy, memory), randomness.Next());
        _channels = new PairChannels(resident.Id, incarnation, randomness, federation.Signatures);
        _work = new NodeWork(this, federation, _channels, randomness, federation.NewLink($"{resident.Name} uploads {session}"));
        if (memory.Agreed is { } agreed)
        {
            _work.Vectors.Inherit(held!, agreed.Spec.Round);
        }

        _inbox = new Inbox(() => IsAlive);
        _clock = new HostClock(federation.Events);
        _alarm = new Alarm(federation.Events, _clock, () => Deliver(() => Step(new NodeInput.Tick())));
    }

    public Resident Resident { get; }

    public Incarnation Incarnation { get; }

    public bool IsAlive { get; private set; } = true;

    public LeaderSet? Leaders => _machine.Leaders;

    public Slot? OwnSlot => _machine.OwnSlot;

    public NodeMemory Memory => _machine.Memory;

    public NodeVectors Vectors => _work.Vectors;

    public PairChannels Channels => _channels;

    public Link Uploads => _work.Uploads;

    /// <summary>The stream to the coordinator, or null while it is broken.</summary>
    public ControlStream? Control { get; set; }

    public void Die()
    {
        IsAlive = false;
        _work.Uploads.Cut();
        _alarm.Set(null);
        _inbox.Clear();
    }

    /// <summary>The process stands still; what comes in waits.</summary>
    public void Freeze() => _inbox.Freeze();

    public void Thaw() => _inbox.Thaw(() =>
    {
        if (_machine.NextDeadline <= _clock.Now)
        {
            Step(new NodeInput.Tick());
        }
    });

    public void JumpClock(TimeSpan forward)
    {
        _clock.Jump(forward);
        _alarm.SetAnew();
    }

    /// <summary>Everything that reaches this session comes this way: not at all once it is over, and later while the process is frozen.</summary>
    public void Deliver(Action arrive) => _inbox.Deliver(arrive);

    /// <summary>After some work of this process's own.</summary>
    public void After(TimeSpan delay, Action action) => _federation.Events.After(delay, () => Deliver(action));

    /// <summary>From the coordinator, whose signature verifies; a replacement counts only with the signatures of those it says have agreed.</summary>
    public void Hear(ServerMessage message) => Deliver(() =>
    {
        if (message is ServerMessage.Replaced m && !m.Agreements.All(IsSigned))
        {
            return;
        }

        Step(new NodeInput.FromServer(message));
    });

    /// <summary>A frame from another node, or from this one: a leader is a party too.</summary>
    public void Receive(NodeId sender, PeerFrame frame) => Deliver(() =>
    {
        switch (frame)
        {
            case PeerFrame.Answered m:
                _channels.Accept(sender, m.Answer.Answer);
                break;
            case PeerFrame.Sealed m when _channels.Opens(sender, m):
                Promise.Require(
                    _federation.Evil?.IsMoved(m) != true, $"P7: {Resident.Name} opens a {m.Context.Kind} that was moved from another place");
                Open(sender, m);
                break;
        }
    });

    public void Step(NodeInput input)
    {
        _own.Enqueue(input);
        if (_stepping)
        {
            return;
        }

        _stepping = true;
        while (_own.TryDequeue(out var next))
        {
            StepOnce(next);
        }

        _stepping = false;
        _alarm.Set(_machine.NextDeadline);
    }

    /// <summary>Seals and sends; a message to a slot or party without a channel goes nowhere.</summary>
    public void Send(Slot slot, NodeId? party, SealedContent content)
    {
        if (_channels.Seal(slot, party, content) is var (receiver, frame))
        {
            _federation.Promises.OnSealed(this, receiver, frame);
            _federation.Relay(this, receiver, frame);
        }
    }

    private void StepOnce(NodeInput input)
    {
        _federation.Note(Resident.Name, input);
        var before = _machine.Memory;
        _machine.Step(input, _clock.Now, _effects);
        _federation.Promises.AfterStep(this, input, before, _effects);
        foreach (var effect in _effects)
        {
            _federation.Note(Resident.Name, effect);
            _federation.Promises.OnNode(this, effect);
            Execute(effect);
        }

        _effects.Clear();
    }

    private bool IsSigned(SignedReplacement signed) => _channels.ToHolder(signed.Signer) is { } channel
        && _federation.Signatures.Verify(channel.Peer, signed.Replacement.Statement());

    private void Open(NodeId sender, PeerFrame.Sealed frame)
    {
        switch (frame.Content)
        {
            case SealedContent.Vector m when frame.ToHolder && _work.Vectors.HoldVector(sender, m):
                Step(new NodeInput.VectorHeld(sender, m.Round));
                break;
            case SealedContent.Seed m when frame.ToHolder && _work.Vectors.HoldSeed(sender, m):
                Step(new NodeInput.SeedHeld(sender, m.Round, m.Nonce));
                break;
            case SealedContent.Said { Message: PeerMessage.DigestShare m } when !_federation.Signatures.Verify(sender, m.Digest.Digest.Statement()):
                break;
            case SealedContent.Said m when frame.ToHolder:
                Step(new NodeInput.FromParty(sender, m.Message));
                break;
            case SealedContent.Said m:
                Step(new NodeInput.FromHolder(frame.Context.Slot, m.Message));
                break;
        }
    }

    private void Execute(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.Tell m:
                Tell(m.Message);
                break;
            case NodeEffect.ToHolder m:
                Send(m.Slot, null, new SealedContent.Said(m.Message));
                break;
            case NodeEffect.ToParty m when _machine.OwnSlot is { } own:
                Send(own, m.Party, new SealedContent.Said(m.Message));
                break;
            case NodeEffect.SeatLeaders m:
                _channels.Seat(m.Leaders, _work.Vectors.Open is not null);
                break;
            case NodeEffect.OfferKeys m:
                Tell(new NodeMessage.OfferMade(_channels.Offer(m.Leaders, m.Slot, m.FirstRound)));
                break;
            case NodeEffect.AnswerOffers m:
                Answer(m);
                break;
            case NodeEffect.SignDigest m:
                _federation.Signatures.Sign(Resident.Id, m.Digest.Statement());
                Step(new NodeInput.DigestSigned(new SignedDigest(_machine.OwnSlot!.Value, m.Digest, default)));
                break;
            case NodeEffect.SignReplacement m:
                Sign(m);
                break;
            default:
                _work.Do(effect);
                break;
        }
    }

    private void Tell(NodeMessage message)
    {
        if (Control is { } stream)
        {
            var server = _federation.Server;
            var link = message is NodeMessage.BeatAnswered ? stream.BeatUp : stream.Up;
            _federation.SendOnStream(stream, link, () => server.Hear(stream, message));
        }
    }

    private void Answer(NodeEffect.AnswerOffers offers)
    {
        foreach (var offer in offers.Offers)
        {
            if (_channels.Answer(offer) is { } answer)
            {
                _federation.Promises.OnAnswered(this, offer.Offer);
                _federation.Relay(this, offer.Offer.Holder, new PeerFrame.Answered(answer));
                Send(offer.Offer.Slot, null, new SealedContent.Said(new PeerMessage.Confirm()));
            }
        }
    }

    private void Sign(NodeEffect.SignReplacement asked)
    {
        if (_federation.Signatures.Verify(asked.Offer.Offer.Holder, asked.Offer.Offer.Statement()))
        {
            _federation.Signatures.Sign(Resident.Id, asked.Replacement.Statement());
            Step(new NodeInput.ReplacementSigned(new SignedReplacement(_machine.OwnSlot!.Value, asked.Replacement, default)));
        }
    }
}
