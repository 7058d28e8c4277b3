using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay.Audit;
using DemoFl.Relay.Sessions;
using DemoFl.Relay.Storage;
using DemoFl.Relay.Vectors;
using DemoFl.V1;
using DemoFl.Wire;
using Microsoft.Extensions.Logging;

namespace DemoFl.Relay.Coordination;

/// <summary>
/// The one mailbox and the one loop around the coordinator's machine: feeds it inputs and time, carries out its effects in order. Long work
/// (sums, checkpoints, evaluation) is <see cref="RoundWork"/>'s and comes back as an input.
/// </summary>
internal sealed class CoordinatorLoop
{
    private readonly CoordinatorInbox _inbox;
    private readonly List<CoordinatorEffect> _effects = [];
    private readonly CoordinatorMachine _machine;
    private readonly RunId _run;
    private readonly Job _job;
    private readonly ServerSettings _settings;
    private readonly SessionTable _sessions;
    private readonly VectorStore _vectors;
    private readonly RunFolder _folder;
    private readonly RoundWork _work;
    private readonly IRunObserver _observer;
    private readonly AuditLog _audit;
    private readonly RoleWatch _roles = new();
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly long _started;
    private readonly TaskCompletionSource<OutdatedRunException> _outdated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (bool Succeeded, string Reason)? _outcome;

    public CoordinatorLoop(
        CoordinatorMachine machine, Job job, ServerSettings settings, SessionTable sessions, VectorStore vectors, RunFolder folder, RoundWork work,
        IRunObserver observer, AuditLog audit, TimeProvider clock, ILogger<CoordinatorLoop> logger)
    {
        (_machine, _job, _settings, _sessions, _vectors, _folder) = (machine, job, settings, sessions, vectors, folder);
        (_work, _observer, _audit, _clock, _logger, _run) = (work, observer, audit, clock, logger, folder.Run);
        (_started, _inbox) = (clock.GetTimestamp(), new CoordinatorInbox(clock));
        Status = Snapshot();
    }

    /// <summary>What operators see; replaced after every step.</summary>
    public FederationStatus Status { get; private set; }

    /// <summary>L as of the last step.</summary>
    public LeaderSet? Leaders => _machine.Leaders;

    /// <summary>W_t of the open round, or null.</summary>
    public ModelSnapshot? ModelOf(Round round) => round == _machine.Round ? _work.Model : null;

    /// <summary>Completes when a node has this server's word of what its journal does not know.</summary>
    public Task<OutdatedRunException> Outdated => _outdated.Task;

    /// <summary>Whether the journal is an older copy by this word of the run's; then the run is over under its id.</summary>
    public bool IsOutdatedBy(Protocol.RunHead head)
    {
        var (term, round) = (new Term(Status.Term), new Round(Status.Round));
        if (head.IsBeyond(term, round))
        {
            _outdated.TrySetResult(new OutdatedRunException(_settings.Folder, term, round, head));
        }

        return head.IsBeyond(term, round);
    }

    public ValueTask PostAsync(CoordinatorInput input) => _inbox.PostAsync(input);

    /// <summary>A leader's answer to a beat, which waits for nothing.</summary>
    public void PostAnswer(CoordinatorInput answer) => _inbox.PostAnswer(answer);

    /// <summary>What a node is told when it is admitted.</summary>
    public JoinAccepted Welcome(Session session) => new()
    {
        Session = Google.Protobuf.ByteString.CopyFromUtf8(session.Token),
        Server = new V1.Credentials { Name = _settings.Name, PublicKey = Field.Of(_settings.Key.PublicKey) },
        Job = new V1.Job
        {
            Model = _job.Rules.Training.Model, Channels = (uint)Input.Channels, Height = (uint)Input.Height, Width = (uint)Input.Width,
            Classes = (uint)(_job.Model?.Classes ?? 0), Dimension = (uint)_job.Parameters.Length,
            Layout = (V1.Layout)_job.Rules.Layout, Leaders = (uint)_job.Rules.EffectiveLeaders, KMin = (uint)_job.Rules.KMin,
            Tensors = { _job.Parameters.Tensors.Select(t => TensorLists.ToWire(t.Name, t.Dimensions)) },
        },
    };

    /// <summary>Nothing where only the nodes' own trainers know what an example is.</summary>
    private InputShape Input => _job.Model?.Input ?? default;

    /// <summary>Runs until the machine finishes. An exception here means that something durable could not be made so.</summary>
    public async Task<(bool Succeeded, string Reason)> RunAsync(CancellationToken stop)
    {
        await using var registration = stop.UnsafeRegister(
            static loop => _ = ((CoordinatorLoop)loop!).PostAsync(new CoordinatorInput.StopRequested()).AsTask(), this);
        _work.Begin();
        while (_outcome is null)
        {
            var input = await _inbox.NextAsync(_machine.NextDeadline, _started);
            Watch(input);
            _machine.Step(input, _clock.GetElapsedTime(_started), _effects);
            foreach (var effect in _effects)
            {
                Carry(effect);
                _roles.Saw(effect);
            }

            _effects.Clear();
            Status = Snapshot();
        }

        await _work.FinishAsync();
        foreach (var session in _sessions.All)
        {
            session.Close();
        }

        return _outcome.Value;
    }

    /// <summary>The machine drops what a node is not to say; the audit says so.</summary>
    private void Watch(CoordinatorInput input)
    {
        _roles.Saw(input);
        if (input is CoordinatorInput.NodeSaid said && _roles.Objection(said.Node, said.Message, _machine.Term, _machine.Round) is { } objection
            && _sessions.Find(said.Node) is { } session)
        {
            _audit.Record(new AuditEvent(AuditKind.OutOfRole, session.From.Peer, session, said.Message.GetType().Name, objection), session.From.Address);
        }
    }

    private void Carry(CoordinatorEffect effect)
    {
        switch (effect)
        {
            case CoordinatorEffect.Journal m:
                _folder.Append(ToRecord(m.Entry));
                break;
            case CoordinatorEffect.Send { Message: ServerMessage.Beat beat } m:
                _sessions.Find(m.To)?.Send(beat);
                break;
            case CoordinatorEffect.Send m:
                _sessions.Find(m.To)?.Send(Frame(m.Message));
                break;
            case CoordinatorEffect.Broadcast m:
                var frame = Frame(m.Message);
                foreach (var session in _sessions.All)
                {
                    session.Send(frame);
                }

                break;
            case CoordinatorEffect.AcceptVectors m:
                _vectors.Open(m.Spec);
                break;
            case CoordinatorEffect.AcceptSums m:
                _vectors.AcceptSums(m.Round, m.Attempt, m.Leaders);
                break;
            case CoordinatorEffect.PrepareClosing m:
                _work.PrepareClosing(m, PostAsync);
                break;
            case CoordinatorEffect.CommitRound m:
                _work.Commit(m, PostAsync);
                break;
            case CoordinatorEffect.DiscardRound m:
                _work.Discard(m.Round);
                break;
            case CoordinatorEffect.Report m:
                Log.Happened(_logger, m.Event);
                _observer.On(m.Event);
                _work.On(m.Event);
                break;
            case CoordinatorEffect.Finish m:
                _outcome = (m.Succeeded, m.Reason);
                break;
        }
    }

    /// <summary>What opens a term or a round says how far the run has come.</summary>
    private ServerFrame Frame(ServerMessage message)
    {
        var frame = ServerFrames.ToWire(message, _run, _settings.Key.Sign);
        if (message is ServerMessage.LeadersAnnounced or ServerMessage.Replaced or ServerMessage.RoundOpened)
        {
            frame.Head = RunHeads.ToWire(new Protocol.RunHead(_run, _machine.Term, _machine.Round), _settings.Key.Sign);
        }

        return frame;
    }

    private FederationStatus Snapshot() => new()
    {
        Run = Field.Of(_run), Phase = _machine.Phase.ToString(), Term = _machine.Term.Value, Round = _machine.Round.Value,
        RoundsCommitted = (uint)_machine.CommittedRounds, RoundsWanted = (uint)_job.Rules.AllRounds, NodesPresent = (uint)_machine.Nodes.Present,
        NodesKeyed = (uint)_machine.Nodes.Keyed, Leaders = { _machine.Leaders?.Seats.Select(s => _sessions.Find(s.Holder)?.ToString() ?? s.Holder.ToString()) ?? [] },
        Loss = _work.Latest?.Loss ?? double.NaN, Accuracy = _work.Latest?.Accuracy ?? double.NaN,
    };

    private static JournalRecord ToRecord(JournalEntry entry) => entry switch
    {
        JournalEntry.TermOpened m => new JournalRecord { TermOpened = new TermOpened { Term = m.Term.Value } },
        JournalEntry.RoundOpened m => new JournalRecord { RoundOpened = new JournalRecord.Types.RoundOpenedRecord { Round = m.Round.Value } },
        JournalEntry.RoundAborted m => new JournalRecord
        {
            RoundAborted = new JournalRecord.Types.RoundAborted { Round = m.Round.Value, Reason = m.Reason },
        },
        _ => throw new ArgumentException($"No record for {entry.GetType().Name}.", nameof(entry)),
    };
}
