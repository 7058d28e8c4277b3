namespace DemoFl.Simulation;

/// <summary>
/// The coordinator's machine, one life after another, with a host that keeps its journal, its vectors and its control streams. It may be killed
/// before any effect and at any point of a write.
/// </summary>
internal sealed class ServerHost
{
    private readonly Federation _federation;
    private readonly ServerStorage _storage;
    private readonly ServerRound _round;
    private readonly SortedDictionary<Hash256, ControlStream> _streams = [];
    private readonly List<CoordinatorEffect> _effects = [];
    private readonly Inbox _inbox;
    private readonly HostClock _clock;
    private readonly Alarm _alarm;

    public ServerHost(Federation federation)
    {
        _federation = federation;
        _storage = new ServerStorage(federation);
        _round = new ServerRound(federation, this);
        _inbox = new Inbox(() => IsUp);
        _clock = new HostClock(federation.Events);
        _alarm = new Alarm(federation.Events, _clock, () => Deliver(() => Step(new CoordinatorInput.Tick())));
        Machine = Start();
    }

    public CoordinatorMachine Machine { get; private set; }

    /// <summary>Grows with every restart: what was meant for an earlier life does not reach a later one.</summary>
    public long Life { get; private set; }

    public bool IsUp { get; private set; } = true;

    public bool IsFrozen => _inbox.IsFrozen;

    public CrashPlan CrashPlan { get; } = new();

    public CoordinatorEffect.Finish? Finished { get; private set; }

    /// <summary>What operators saw, for asking afterwards whether the seeds covered it.</summary>
    public List<CoordinatorEvent> Reports { get; } = [];

    public Hash256 Model => _storage.Model;

    public IEnumerable<ControlStream> Streams => _streams.Values;

    public void Join(ControlStream stream) => Deliver(() =>
    {
        var resident = stream.Node.Resident;
        _streams[resident.Id.Value] = stream;
        _federation.Evil?.Joined(resident.Id);
        Step(new CoordinatorInput.NodeArrived(resident.Id, resident.Name, stream.Node.Incarnation, resident.CanLead, stream.Connection));
    });

    public void Lose(ControlStream stream) => Deliver(() =>
    {
        if (_streams.GetValueOrDefault(stream.Node.Resident.Id.Value) == stream)
        {
            _streams.Remove(stream.Node.Resident.Id.Value);
        }

        Step(new CoordinatorInput.NodeDeparted(stream.Node.Resident.Id, stream.Node.Incarnation, stream.Connection));
    });

    public void Hear(ControlStream stream, NodeMessage message) => Deliver(() =>
    {
        if (_streams.GetValueOrDefault(stream.Node.Resident.Id.Value) == stream)
        {
            if (_federation.Evil?.Hears(stream.Node.Resident.Id, message) != false)
            {
                Step(new CoordinatorInput.NodeSaid(stream.Node.Resident.Id, message));
            }
        }
    });

    public void ReceiveVector(NodeId party, Round round, Hash256 nonceHash, uint[] words) => Deliver(() =>
    {
        if (_round.TakeVector(party, round, nonceHash, words) && _federation.Evil?.Uploaded(round, party, nonceHash) != false)
        {
            Step(new CoordinatorInput.VectorReceived(party, round, nonceHash));
        }
    });

    public void ReceiveSum(NodeId leader, Round round, Attempt attempt, uint[] sum) => Deliver(() =>
    {
        if (_round.TakeSum(leader, round, attempt, sum))
        {
            Step(new CoordinatorInput.SumReceived(leader, round, attempt));
        }
    });

    /// <summary>After some work of its own, unless it has been killed in the meantime.</summary>
    public void After(TimeSpan delay, Action action)
    {
        long life = Life;
        _federation.Events.After(delay, () =>
        {
            if (Life == life)
            {
                Deliver(action);
            }
        });
    }

    public void Freeze() => _inbox.Freeze();

    public void Thaw() => _inbox.Thaw(() =>
    {
        if (Machine.NextDeadline <= _clock.Now)
        {
            Step(new CoordinatorInput.Tick());
        }
    });

    public void JumpClock(TimeSpan forward)
    {
        _clock.Jump(forward);
        _alarm.SetAnew();
    }

    public void Crash()
    {
        IsUp = false;
        Life++;
        CrashPlan.Forget();
        _storage.Crash();
        _round.Forget();
        _inbox.Clear();
        _alarm.Set(null);
        _streams.Clear();
        foreach (var resident in _federation.Population.Residents)
        {
            _federation.Population.Disconnect(resident, heardByServer: false);
        }
    }

    public void Restart()
    {
        if (!IsUp && Finished is null)
        {
            IsUp = true;
            Machine = Start();
            Step(new CoordinatorInput.Tick());
        }
    }

    /// <summary>Past all tampering.</summary>
    public void Transmit(NodeId to, ServerMessage message)
    {
        if (_streams.TryGetValue(to.Value, out var stream))
        {
            _federation.SendOnStream(stream, message is ServerMessage.Beat ? stream.BeatDown : stream.Down, () => stream.Node.Hear(message));
        }
    }

    /// <summary>B, and the sum over it, of the round that an earlier life was closing.</summary>
    public (PartySet B, uint[] Sum)? Recovered => _storage.Recovered;

    /// <summary>Makes a commit durable; false when the server goes down on the way.</summary>
    public bool Append(DiskRecord record) => _storage.Append(record, GoesDown);

    /// <summary>Makes a closing durable; false when the server goes down on the way.</summary>
    public bool Append(UnfinishedRound closing, uint[] sum) => Append(_storage.RecordOf(closing, sum));

    public void Step(CoordinatorInput input)
    {
        _federation.Note("server", input);
        Machine.Step(input, _clock.Now, _effects);
        CoordinatorEffect[] effects = [.. _effects];
        _effects.Clear();
        _federation.Promises.AfterStep(Machine, input, effects);
        foreach (var effect in effects)
        {
            if (GoesDown(unsynced: false))
            {
                return;
            }

            _federation.Note("server", effect);
            _federation.Promises.OnCoordinator(effect);
            Execute(effect);
            if (!IsUp)
            {
                return;
            }
        }

        _alarm.Set(Machine.NextDeadline);
    }

    private CoordinatorMachine Start()
    {
        var progress = _storage.Recover();
        _federation.Promises.OnStart(progress);
        return new CoordinatorMachine(_federation.Scenario.Rules, progress, Randomness.For(_federation.Scenario.Seed, $"server {Life}").Next());
    }

    private void Deliver(Action arrive) => _inbox.Deliver(arrive);

    private bool GoesDown(bool unsynced)
    {
        bool down = CrashPlan.Strikes(unsynced);
        if (down)
        {
            _federation.Troubles.CoordinatorDown();
        }

        return down;
    }

    private void Execute(CoordinatorEffect effect)
    {
        switch (effect)
        {
            case CoordinatorEffect.Journal m:
                Append(ServerStorage.RecordOf(m.Entry));
                break;
            case CoordinatorEffect.Send m:
                Send(m.To, m.Message);
                break;
            case CoordinatorEffect.Broadcast m:
                foreach (var stream in _streams.Values.ToArray())
                {
                    Send(stream.Node.Resident.Id, m.Message);
                }

                break;
            case CoordinatorEffect.Report m:
                Reports.Add(m.Event);
                _federation.OnReport(m.Event);
                break;
            case CoordinatorEffect.Finish m:
                Finished = m;
                break;
            default:
                _round.Do(effect);
                break;
        }
    }

    private void Send(NodeId to, ServerMessage message)
    {
        if (_federation.Evil is { } evil)
        {
            evil.Dispatch(to, message);
        }
        else
        {
            Transmit(to, message);
        }
    }
}
