namespace DemoFl.Simulation;

/// <summary>The nodes and their processes: who comes, goes, is frozen, loses its stream and is back.</summary>
internal sealed class Population
{
    private static readonly TimeSpan LongestWayBack = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestNotice = TimeSpan.FromMilliseconds(200);

    private readonly Federation _federation;
    private readonly SplitMix64 _randomness;
    private readonly Dictionary<NodeId, Resident> _byId;
    private readonly Dictionary<int, ProcessLife> _processes = [];
    private long _sessions;

    public Population(Federation federation)
    {
        _federation = federation;
        _randomness = Randomness.For(federation.Scenario.Seed, "population");
        Residents = [.. Enumerable.Range(0, federation.Scenario.Nodes).Select(i => new Resident(i, federation.Scenario))];
        _byId = Residents.ToDictionary(r => r.Id);
        foreach (var resident in Residents)
        {
            federation.Signatures.Admit(resident.Id);
        }
    }

    public IReadOnlyList<Resident> Residents { get; }

    public int LeftForGood => Residents.Count(r => r.LeftForGood);

    private Scenario Scenario => _federation.Scenario;

    private EventQueue Events => _federation.Events;

    public Resident? Find(NodeId id) => _byId.GetValueOrDefault(id);

    public string NameOf(NodeId id) => Find(id)?.Name ?? id.ToString();

    public void Arrive()
    {
        int early = Scenario.Nodes - Scenario.LateJoiners;
        foreach (var process in Residents.GroupBy(r => r.Process))
        {
            _processes[process.Key] = NewLife();
            foreach (var resident in process)
            {
                var latest = TimeSpan.FromSeconds(resident.Index < early ? 0.3 : 6);
                StartAt(_randomness.UpTo(latest), resident);
            }
        }
    }

    /// <summary>Breaks a node's stream; both ends notice, the server a little later, and the node is back after a while.</summary>
    public void Disconnect(Resident resident, bool heardByServer = true)
    {
        if (resident.Life is not { } session)
        {
            return;
        }

        var stream = session.Control!;
        _processes[resident.Process].Memories[resident.Index] = (session.Memory, session.Vectors);
        EndSession(resident, session, stream, heardByServer);
        StartAt(Events.Now + _randomness.UpTo(LongestWayBack), resident);
    }

    public void Kill(int process, bool forGood)
    {
        _processes[process] = NewLife();
        var back = Events.Now + _randomness.UpTo(LongestWayBack);
        foreach (var resident in Residents.Where(r => r.Process == process))
        {
            resident.LeftForGood = forGood;
            if (resident.Life is { } session)
            {
                EndSession(resident, session, session.Control!, heardByServer: true);
            }

            StartAt(back, resident);
        }
    }

    /// <summary>Freezes a process for a while; it keeps its streams.</summary>
    public void Freeze(int process, TimeSpan lasting)
    {
        var life = _processes[process];
        life.Frozen++;
        foreach (var resident in Residents.Where(r => r.Process == process))
        {
            resident.Life?.Freeze();
        }

        Events.After(lasting, () => Thaw(process, life));
    }

    public void ThawAll()
    {
        foreach (var (process, life) in _processes)
        {
            life.Frozen = Math.Min(life.Frozen, 1);
            Thaw(process, life);
        }
    }

    public bool CanSpare(int process)
    {
        // The first election waits for the operator's minimum, however long.
        bool gathered = _federation.Server.Reports.Exists(r => r is CoordinatorEvent.ElectionStarted or CoordinatorEvent.RoundStarted);
        var rest = Residents.Where(r => r.Process != process && !r.LeftForGood).ToArray();
        var rules = Scenario.Rules;
        return gathered && rest.Length >= Math.Max(rules.KMin, rules.EffectiveLeaders) && rest.Count(r => r.CanLead) >= rules.EffectiveLeaders
            && rest.Count(r => r.Habit == Habit.Diligent) >= rules.KMin;
    }

    private void Thaw(int process, ProcessLife life)
    {
        if (life.Frozen == 0 || --life.Frozen > 0)
        {
            return;
        }

        foreach (var resident in Residents.Where(r => r.Process == process && _processes[process] == life))
        {
            resident.Life?.Thaw();
        }
    }

    private ProcessLife NewLife() => new(new Incarnation(_randomness.Next128()));

    private void StartAt(TimeSpan moment, Resident resident)
    {
        var life = _processes[resident.Process];
        Events.At(moment, () => Start(resident, life));
    }

    private void Start(Resident resident, ProcessLife life)
    {
        // A process that went down before a node of it had started takes that node along.
        if (resident.Life is not null || resident.LeftForGood || _processes[resident.Process] != life)
        {
            return;
        }

        if (life.Frozen > 0 || !_federation.Server.IsUp)
        {
            StartAt(Events.Now + _randomness.UpTo(LongestWayBack), resident);
            return;
        }

        long session = ++_sessions;
        var (known, held) = life.Memories.GetValueOrDefault(resident.Index);
        var host = new NodeHost(_federation, resident, life.Incarnation, known, held, $"session {session}");
        var stream = new ControlStream(
            host, session, Link("up"), Link("down"), Link("beats up"), Link("beats down"));
        (host.Control, resident.Life) = (stream, host);
        stream.Up.Send(() => _federation.Server.Join(stream));

        Link Link(string name) => _federation.NewLink($"{resident.Name} {name} {session}");
    }

    private void EndSession(Resident resident, NodeHost session, ControlStream stream, bool heardByServer)
    {
        _federation.Promises.OnSessionEnded(session);
        session.Die();
        stream.Break();
        (session.Control, resident.Life) = (null, null);
        if (heardByServer)
        {
            long life = _federation.Server.Life;
            Events.After(_randomness.UpTo(LongestNotice), () =>
            {
                if (_federation.Server.Life == life)
                {
                    _federation.Server.Lose(stream);
                }
            });
        }
    }

    /// <summary>One life of a process: what it knows of its nodes' earlier sessions dies with it.</summary>
    private sealed class ProcessLife(Incarnation incarnation)
    {
        public Incarnation Incarnation => incarnation;

        public Dictionary<int, (NodeMemory Known, NodeVectors Held)> Memories { get; } = [];

        /// <summary>How many freezes are under way.</summary>
        public int Frozen { get; set; }
    }
}
