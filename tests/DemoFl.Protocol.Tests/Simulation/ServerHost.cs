using System.Collections.Immutable;

namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>A node's stream to the coordinator and back.</summary>
internal sealed record ControlStream(NodeHost Node, Link Up, Link Down)
{
    public void Break()
    {
        Up.Cut();
        Down.Cut();
    }
}

/// <summary>The coordinator's machine with a host that keeps its journal, its vectors and its control streams.</summary>
internal sealed class ServerHost
{
    private static readonly TimeSpan SlowestDisk = TimeSpan.FromMilliseconds(20);

    /// <summary>Far more than an arrival or a new leader set needs until everyone present has keys.</summary>
    private static readonly TimeSpan SlowestKeys = TimeSpan.FromSeconds(2);

    private readonly Federation _federation;
    private readonly SplitMix64 _disk;
    private readonly SortedDictionary<Hash256, ControlStream> _streams = [];
    private readonly Dictionary<NodeId, (Hash256 NonceHash, uint[] Words)> _vectors = [];
    private readonly Dictionary<NodeId, uint[]> _sums = [];
    private RoundSpec? _accepting;
    private TimeSpan? _tickAt;
    private TimeSpan _lastChange;
    private Hash256 _model;

    public ServerHost(Federation federation)
    {
        _federation = federation;
        _disk = Randomness.For(federation.Scenario.Seed, "disk");
        var progress = new CoordinatorProgress(default, default, 0, _model, federation.Scenario.Rules.Encoding.Clip);
        Machine = new CoordinatorMachine(federation.Scenario.Rules, progress, Randomness.For(federation.Scenario.Seed, "server").Next());
    }

    public CoordinatorMachine Machine { get; }

    public CoordinatorEffect.Finish? Finished { get; private set; }

    /// <summary>What operators saw, for asking afterwards whether the seeds covered it.</summary>
    public List<CoordinatorEvent> Reports { get; } = [];

    public void Step(CoordinatorInput input)
    {
        _federation.Trace.Note("server", input);
        var effects = new List<CoordinatorEffect>();
        Machine.Step(input, _federation.Events.Now, effects);
        foreach (var effect in effects)
        {
            _federation.Trace.Note("server", effect);
            _federation.Invariants.OnCoordinator(effect);
            Execute(effect);
        }

        _federation.Invariants.AfterStep(Machine);
        ScheduleTick();
    }

    public void Join(ControlStream stream)
    {
        var resident = stream.Node.Resident;
        _lastChange = _federation.Events.Now;
        _streams[resident.Id.Value] = stream;
        Step(new CoordinatorInput.NodeArrived(resident.Id, resident.Name, stream.Node.Incarnation, resident.CanLead));
    }

    public void Lose(ControlStream stream)
    {
        if (_streams.GetValueOrDefault(stream.Node.Resident.Id.Value) == stream)
        {
            _streams.Remove(stream.Node.Resident.Id.Value);
        }

        Step(new CoordinatorInput.NodeDeparted(stream.Node.Resident.Id, stream.Node.Incarnation));
    }

    public void ReceiveVector(NodeId party, Round round, Hash256 nonceHash, uint[] words)
    {
        if (_accepting?.Round == round && _vectors.TryAdd(party, (nonceHash, words)))
        {
            Step(new CoordinatorInput.VectorReceived(party, round, nonceHash));
        }
    }

    public void ReceiveSum(NodeId leader, Round round, Attempt attempt, uint[] sum)
    {
        if (_accepting?.Round == round && _sums.TryAdd(leader, sum))
        {
            Step(new CoordinatorInput.SumReceived(leader, round, attempt));
        }
    }

    private void Execute(CoordinatorEffect effect)
    {
        switch (effect)
        {
            case CoordinatorEffect.Send m:
                Send(m.To, m.Message);
                break;
            case CoordinatorEffect.Broadcast m:
                foreach (var stream in _streams.Values)
                {
                    Send(stream.Node.Resident.Id, m.Message);
                }

                break;
            case CoordinatorEffect.AcceptVectors m:
                _accepting = m.Spec;
                break;
            case CoordinatorEffect.PrepareClosing m:
                _federation.Events.After(_disk.UpTo(SlowestDisk), () => Step(new CoordinatorInput.ClosingPrepared(m.Spec.Round, m.Attempt)));
                break;
            case CoordinatorEffect.CommitRound m:
                Commit(m);
                break;
            case CoordinatorEffect.DiscardRound:
                _accepting = null;
                _vectors.Clear();
                _sums.Clear();
                break;
            case CoordinatorEffect.Report m:
                Reports.Add(m.Event);
                Observe(m.Event);
                break;
            case CoordinatorEffect.Finish m:
                Finished = m;
                break;
        }
    }

    private void Observe(CoordinatorEvent happened)
    {
        var now = _federation.Events.Now;
        switch (happened)
        {
            case CoordinatorEvent.LeadersSeated:
                _lastChange = now;
                break;
            case CoordinatorEvent.RoundStarted m when m.Spec.Layout != Layout.Plain && now - _lastChange > SlowestKeys:
                Invariants.Require(Machine.Nodes.Present == Machine.Nodes.Keyed, $"L4: a node present for long is not eligible for round {m.Spec.Round}");
                break;
        }
    }

    private void Send(NodeId to, ServerMessage message)
    {
        if (_streams.TryGetValue(to.Value, out var stream))
        {
            stream.Down.Send(() => stream.Node.Step(new NodeInput.FromServer(message)));
        }
    }

    private void Commit(CoordinatorEffect.CommitRound commit)
    {
        var parties = commit.Intersection.Contributions;
        IEnumerable<uint[]> uploads = commit.Spec.Layout == Layout.Rotating ? [] : parties.Select(c => _vectors[c.Party].Words);
        uint[] total = Ring.Sum(uploads.Concat(_sums.Values));
        _federation.Invariants.OnCommit(commit, total);
        var writer = new CanonicalWriter("model").Hash(_model);
        _model = total.Aggregate(writer, (w, word) => w.UInt64(word)).ToHash();
        var done = new CoordinatorInput.CommitDone(
            commit.Spec.Round, _model, _federation.Scenario.Rules.Encoding.Clip, new RoundTotals((ulong)parties.Length, 0, 0, 0, 0));
        _federation.Events.After(_disk.UpTo(SlowestDisk), () => Step(done));
    }

    private void ScheduleTick()
    {
        if (Machine.NextDeadline is { } deadline && deadline != _tickAt)
        {
            _tickAt = deadline;
            _federation.Events.At(deadline, () =>
            {
                if (_tickAt == deadline)
                {
                    _tickAt = null;
                    Step(new CoordinatorInput.Tick());
                }
            });
        }
    }
}
