namespace DemoFl.Simulation;

/// <summary>
/// Wraps the honest coordinator and changes, drops, repeats and adds to what it says and carries. It signs what it likes as the server, and as the
/// nodes in league with it; nobody else's signature and no seal is its to make.
/// </summary>
internal sealed class EvilServer
{
    /// <summary>No evil run is worth more.</summary>
    public static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(40);

    private const int Remembered = 300;
    private static readonly int[] Rarities = [1, 1, 4, 16];

    private readonly Federation _federation;
    private readonly EvilPlan _plan;
    private readonly SplitMix64 _randomness;
    private readonly Dictionary<Tampering, int> _rarity = [];
    private readonly List<ServerMessage> _said = [];
    private readonly Dictionary<Round, Dictionary<NodeId, Hash256>> _uploads = [];
    private readonly Equivocation _equivocation;
    private readonly FalseDeaths _deaths;
    private readonly FurtherClosings _closings;
    private readonly SecondConnections _connections;
    private readonly Misdelivery _misdelivery;
    private readonly HashSet<Round> _stalled = [];
    private ServerMessage.RoundOpened? _opened;

    public EvilServer(Federation federation, EvilPlan plan)
    {
        (_federation, _plan) = (federation, plan);
        _randomness = Randomness.For(federation.Scenario.Seed, "evil server");
        foreach (var tampering in Enum.GetValues<Tampering>())
        {
            // Whoever does everything all the time gets no round to close: some do one thing, once.
            _rarity[tampering] = _randomness.Pick(Rarities);
        }

        Accomplices = new Accomplices(this, federation);
        _equivocation = new Equivocation(this, federation);
        _closings = new FurtherClosings(this, federation);
        _connections = new SecondConnections(this, federation);
        _deaths = new FalseDeaths(this, federation, _closings);
        _misdelivery = new Misdelivery(this, federation);
    }

    public Accomplices Accomplices { get; }

    public bool Does(Tampering tampering) => _plan.Does(tampering);

    /// <summary>Whether a frame is not what its sender sent to where it is.</summary>
    public bool IsMoved(PeerFrame frame) => _misdelivery.IsMoved(frame);

    /// <summary>True now and then, where the plan has it at all; counted.</summary>
    public bool Strikes(Tampering tampering, int odds)
    {
        bool strikes = _plan.Does(tampering) && _randomness.OneIn(odds * _rarity[tampering]);
        if (strikes)
        {
            _federation.Tally.Count(tampering);
        }

        return strikes;
    }

    /// <summary>What the machine sends to one node, or something else instead.</summary>
    public void Dispatch(NodeId to, ServerMessage message)
    {
        _opened = message as ServerMessage.RoundOpened ?? _opened;
        if (_said.Count < Remembered)
        {
            _said.Add(message);
        }

        if (!Strikes(Tampering.Drops, 25))
        {
            Say(to, Accomplices.IsOne(to) ? message : _equivocation.Alter(to, message));
        }

        if (Strikes(Tampering.Replays, 10))
        {
            var old = _randomness.Pick(_said);
            _federation.Events.After(_randomness.UpTo(TimeSpan.FromSeconds(1)), () => Say(to, old));
        }
    }

    /// <summary>Says something that no machine thought of.</summary>
    public void Say(NodeId to, ServerMessage message) => _federation.Server.Transmit(to, message);

    /// <summary>A node that joins is told of the round that it may have had a part in before.</summary>
    public void Joined(NodeId node)
    {
        if (_opened is { Spec.Round: var round })
        {
            _connections.OnJoined(node, round);
        }

        if (_opened is { } opened && (_plan.SecondLives || Strikes(Tampering.Replays, 2)))
        {
            _federation.Events.After(_randomness.BetweenMs(50, 800), () => Say(node, opened));
        }
    }

    /// <summary>Carries a frame from one node to another, or does not, or elsewhere.</summary>
    public void Carry(NodeHost sender, NodeId receiver, PeerFrame frame)
    {
        if (Strikes(Tampering.Drops, 40) || Accomplices.Withholds(sender, frame))
        {
            return;
        }

        _misdelivery.Tamper(sender, receiver, frame);
        if (!Accomplices.Takes(sender, receiver, frame))
        {
            _federation.Carry(sender, receiver, frame);
        }
    }

    /// <summary>A node has spoken to the server; false when the machine is not to know.</summary>
    public bool Hears(NodeId from, NodeMessage message)
    {
        if (message is NodeMessage.VectorDelivered m)
        {
            return Uploaded(m.Round, from, m.NonceHash);
        }

        _deaths.OnHeard(from, message);
        _connections.OnHeard(from, message);

        // Who recommends itself first is a matter of whose word arrives.
        return message is not NodeMessage.Recommendation || Accomplices.IsOne(from) || Accomplices.Count == 0 || _randomness.OneIn(3);
    }

    /// <summary>A vector is complete; false when the machine is not to know, so that it waits and keeps the round open.</summary>
    public bool Uploaded(Round round, NodeId party, Hash256 nonceHash)
    {
        if (!_uploads.TryGetValue(round, out var uploads))
        {
            _uploads[round] = uploads = [];
        }

        uploads.TryAdd(party, nonceHash);
        return !_plan.SecondLives || !_stalled.Add(round);
    }

    /// <summary>Whose vectors are complete, as the server knows.</summary>
    public List<Contribution> UploadsOf(Round round) =>
        [.. (_uploads.GetValueOrDefault(round) ?? []).Select(u => new Contribution(u.Key, u.Value)).OrderBy(c => c.Party.Value)];

    public void OnReport(CoordinatorEvent happened)
    {
        switch (happened)
        {
            case CoordinatorEvent.RoundStarted m:
                _deaths.OnRound(m.Spec);
                _closings.OnRound(m.Spec);
                break;
            case CoordinatorEvent.StageReached m:
                _deaths.OnStage(m.Round);
                _closings.OnStage(m.Round);
                break;
        }
    }
}
