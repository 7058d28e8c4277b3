namespace DemoFl.Simulation;

/// <summary>An institution's process: does what its machine wants, in order, and may die at any point of it.</summary>
internal sealed class ConsensusHost
{
    private readonly ConsensusCluster _cluster;
    private readonly SplitMix64 _randomness;
    private readonly Alarm _alarm;
    private readonly HostClock _clock;
    private readonly Queue<ConsensusInput> _waiting = new();
    private bool _paused;

    public ConsensusHost(ConsensusCluster cluster, int number)
    {
        (_cluster, Number) = (cluster, number);
        _randomness = Randomness.For(cluster.Scenario.Seed, $"institution {number}");
        Disk = new ConsensusDisk(_randomness);
        _clock = new HostClock(cluster.Events);
        _alarm = new Alarm(cluster.Events, _clock, () => Take(new ConsensusInput.Tick()));
    }

    public int Number { get; }

    public ConsensusDisk Disk { get; }

    /// <summary>Null while the process is down.</summary>
    public ConsensusMachine? Machine { get; private set; }

    /// <summary>The last index applied in this life, and what all up to it comes to.</summary>
    public ConsensusSnapshot Applied { get; private set; } = ConsensusSnapshot.Empty;

    public void Start()
    {
        if (Machine is null)
        {
            var rules = new ConsensusRules(
                _cluster.Node(Number), _cluster.Nodes, ConsensusScenario.ElectionTimeout, ConsensusScenario.Heartbeat, _cluster.Scenario.Limits);
            Machine = new ConsensusMachine(rules, Disk.Read(), _randomness.Next(), _clock.Now);
            Applied = Disk.Snapshot;
            _alarm.Set(Machine.NextDeadline);
        }
    }

    public void Crash()
    {
        if (Machine is not null)
        {
            _cluster.Tally.Count(ConsensusFaults.Crashes);
            _cluster.Trace.Note(_cluster.Events.Now, $"{Number}", "dies");
            Machine = null;
            _waiting.Clear();
            _alarm.Set(null);
            Disk.Crash();
            _cluster.Events.After(_randomness.BetweenMs(20, 1000), Start);
        }
    }

    public void Pause() => _paused = true;

    public void Resume()
    {
        _paused = false;
        while (!_paused && _waiting.TryDequeue(out var input))
        {
            Take(input);
        }
    }

    public void Take(ConsensusInput input)
    {
        if (Machine is null)
        {
            return;
        }

        if (_paused)
        {
            _waiting.Enqueue(input);
            return;
        }

        _cluster.Trace.Note(_cluster.Events.Now, $"{Number}", input);
        var effects = new List<ConsensusEffect>();
        Machine.Step(input, _clock.Now, effects);
        bool dies = _cluster.MayCrash && effects.Count > 0 && _randomness.OneIn(_cluster.Scenario.DeathOdds);
        int done = dies ? _randomness.Below(effects.Count) : effects.Count;
        foreach (var effect in effects.Take(done))
        {
            _cluster.Trace.Note(_cluster.Events.Now, $"{Number}", effect);
            Do(effect);
        }

        if (dies)
        {
            Disk.Write(effects[done]);
            Crash();
        }
        else
        {
            _alarm.Set(Machine.NextDeadline);
        }

        _cluster.Promises.AfterStep();
    }

    private void Do(ConsensusEffect effect)
    {
        switch (effect)
        {
            case ConsensusEffect.Persist or ConsensusEffect.SaveSnapshot:
                Disk.Write(effect);
                Disk.Sync();
                _cluster.Promises.OnSaved(this, effect);
                break;
            case ConsensusEffect.Send m:
                _cluster.Promises.OnSend(this, m.To, m.Message);
                _cluster.Deliver(Number, m.To, m.Message);
                break;
            case ConsensusEffect.Apply m:
                Applied = Applied.With(_cluster.Promises.OnApply(this, m));
                break;
            case ConsensusEffect.Restore m:
                _cluster.Promises.OnRestore(m.Snapshot);
                Applied = m.Snapshot;
                break;
            case ConsensusEffect.BecameCoordinator m:
                _cluster.Tally.Count("ballots won");
                _cluster.Promises.OnCoordinator(this, m.Ballot);
                break;
            case ConsensusEffect.Refused m:
                throw new InvariantException($"R6: {Number} refuses what {m.From} sent: {m.Reason}");
        }
    }
}
