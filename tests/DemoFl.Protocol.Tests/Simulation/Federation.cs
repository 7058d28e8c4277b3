namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>How a run ended.</summary>
internal sealed record Outcome(
    bool Succeeded, string Reason, int LeftForGood, TimeSpan Took, Hash256 Trace, IReadOnlyList<CoordinatorEvent> Reports, IReadOnlyList<Disturbance> Struck);

/// <summary>
/// A whole federation on one thread and in virtual time: one coordinator, its nodes, the links between them and the troubles that
/// the scenario has in store. To add a fault, add a <see cref="Trouble"/> or a kind of <see cref="Link"/>; to add a promise,
/// add a check to <see cref="Simulation.Invariants"/>.
/// </summary>
internal sealed class Federation
{
    private readonly SplitMix64 _randomness;
    private readonly Resident[] _residents;
    private readonly List<Disturbance> _struck = [];
    private readonly Dictionary<(NodeId From, NodeId To), Link> _peerLinks = [];

    public Federation(Scenario scenario, bool hashed = false)
    {
        Scenario = scenario;
        Events = new EventQueue();
        Trace = new Trace(Events, hashed);
        Invariants = new Invariants(scenario);
        Server = new ServerHost(this);
        _randomness = Randomness.For(scenario.Seed, "federation");
        _residents = [.. Enumerable.Range(0, scenario.Nodes).Select(i => new Resident(i, scenario))];
    }

    public Scenario Scenario { get; }

    public EventQueue Events { get; }

    public Trace Trace { get; }

    public Invariants Invariants { get; }

    public ServerHost Server { get; }

    public Link NewLink(string name) => new(Events, Randomness.For(Scenario.Seed, name), Scenario.LongestDelay);

    /// <summary>Runs until the coordinator finishes. Liveness: it must do so within the scenario's longest run.</summary>
    public Outcome Run()
    {
        ScheduleArrivals();
        foreach (var disturbance in Scenario.Disturbances)
        {
            Events.At(disturbance.At, () => Strike(disturbance));
        }

        while (Server.Finished is null)
        {
            Invariants.Require(Events.RunNext(), "nothing is left to happen, and the run is not over");
            Invariants.Require(Events.Now <= Scenario.LongestRun, $"the run is not over after {Scenario.LongestRun}");
        }

        return new Outcome(
            Server.Finished.Succeeded, Server.Finished.Reason, _residents.Count(r => r.LeftForGood), Events.Now, Trace.Digest, Server.Reports,
            _struck);
    }

    /// <summary>From one life of a node to whatever life the receiver has on arrival; order is kept per sender and receiver.</summary>
    public void Relay(NodeHost sender, NodeId receiver, PeerFrame frame)
    {
        var pair = (sender.Resident.Id, receiver);
        if (!_peerLinks.TryGetValue(pair, out var link))
        {
            _peerLinks[pair] = link = NewLink($"{pair.Id} to {receiver}");
        }

        var resident = Array.Find(_residents, r => r.Id == receiver)!;
        link.Send(() => resident.Life?.Receive(pair.Id, frame));
    }

    private void ScheduleArrivals()
    {
        int early = Scenario.Nodes - Scenario.LateJoiners;
        foreach (var process in _residents.GroupBy(r => r.Process))
        {
            var incarnation = NewIncarnation();
            foreach (var resident in process)
            {
                var latest = TimeSpan.FromSeconds(resident.Index < early ? 0.3 : 6);
                Events.At(_randomness.UpTo(latest), () => Start(resident, incarnation));
            }
        }
    }

    private Incarnation NewIncarnation() => new(_randomness.Next128());

    private void Start(Resident resident, Incarnation incarnation)
    {
        // A process that went down before a node of it had started takes that node along.
        if (resident.Life is null && !resident.LeftForGood)
        {
            resident.Life = new NodeHost(this, resident, incarnation);
            Connect(resident.Life);
        }
    }

    private void Connect(NodeHost node)
    {
        if (node.IsAlive)
        {
            string name = $"{node.Resident.Name} control {Events.Now}";
            node.Control = new ControlStream(node, NewLink(name + " up"), NewLink(name + " down"));
            var stream = node.Control;
            stream.Up.Send(() => Server.Join(stream));
        }
    }

    private void Strike(Disturbance disturbance)
    {
        var leaders = Server.Machine.Leaders;
        var targets = _residents.Where(r => r.Life?.Control is not null)
            .Where(r => _residents.Any(s => s.Process == r.Process && leaders?.SeatOf(s.Id) is not null) == disturbance.OfLeader).ToArray();
        if (targets.Length == 0)
        {
            return;
        }

        var target = targets[_randomness.Below(targets.Length)];
        Trace.Note(target.Name, disturbance);
        _struck.Add(disturbance);
        switch (disturbance.Trouble)
        {
            case Trouble.Reconnect:
                var node = target.Life!;
                var noticed = Disconnect(node);
                Events.At(noticed + _randomness.UpTo(TimeSpan.FromSeconds(1)), () => Connect(node));
                break;
            case Trouble.Leave when CanSpare(target.Process):
                Kill(target.Process, forGood: true);
                break;
            default:
                Kill(target.Process, forGood: false);
                break;
        }
    }

    /// <summary>Breaks the stream; the coordinator notices a little later.</summary>
    private TimeSpan Disconnect(NodeHost node)
    {
        var noticed = Events.Now + _randomness.UpTo(TimeSpan.FromMilliseconds(200));
        if (node.Control is { } stream)
        {
            node.Control = null;
            stream.Break();
            Events.At(noticed, () => Server.Lose(stream));
        }

        return noticed;
    }

    private void Kill(int process, bool forGood)
    {
        var back = Events.Now + _randomness.UpTo(TimeSpan.FromSeconds(1));
        var next = NewIncarnation();
        foreach (var resident in _residents.Where(r => r.Process == process))
        {
            if (resident.Life is { } life)
            {
                life.Die();
                Disconnect(life);
            }

            (resident.Life, resident.LeftForGood) = (null, forGood);
            if (!forGood)
            {
                Events.At(back, () => Start(resident, next));
            }
        }
    }

    private bool CanSpare(int process)
    {
        // The first election waits for the operator's minimum, however long.
        bool gathered = Server.Machine.Term > default(Term) || Server.Machine.Round > default(Round);
        var rest = _residents.Where(r => r.Process != process && !r.LeftForGood).ToArray();
        var rules = Scenario.Rules;
        return gathered && rest.Length >= Math.Max(rules.KMin, rules.EffectiveLeaders) && rest.Count(r => r.CanLead) >= rules.EffectiveLeaders
            && rest.Count(r => r.Habit == Habit.Diligent) >= rules.KMin;
    }
}
