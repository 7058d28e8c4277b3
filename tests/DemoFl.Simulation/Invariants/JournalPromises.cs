namespace DemoFl.Simulation;

/// <summary>
/// Numbers are used up in the journal before anybody hears of them, strictly upwards also over restarts, a round ends once, and what was announced
/// as committed stays committed (C1, C2, C5, C6).
/// </summary>
internal sealed class JournalPromises
{
    private Term _term;
    private Round _round;
    private Round _ended;
    private Round _committed;
    private int _commits;
    private Hash256 _model;

    public void OnStart(CoordinatorProgress progress)
    {
        Promise.Require(progress.LastTerm >= _term, $"C1: the server comes back in term {progress.LastTerm}, after {_term}");
        Promise.Require(progress.LastRound >= _round, $"C1: the server comes back in round {progress.LastRound}, after {_round}");
        Promise.Require(progress.CommittedRounds >= _commits, $"C5: of {_commits} committed rounds, {progress.CommittedRounds} have survived");
        Promise.Require(
            progress.CommittedRounds > _commits || progress.ModelHash == _model,
            $"C5: the model of the {_commits} committed rounds is another after a restart");

        // A write that was never synced may have made it all the same.
        (_term, _round, _commits, _model) = (progress.LastTerm, progress.LastRound, progress.CommittedRounds, progress.ModelHash);
    }

    public void OnDurable(DiskRecord record)
    {
        var number = record.Number;
        switch (record.Kind)
        {
            case DiskRecordKind.TermOpened:
                Promise.Require(number > _term.Value, $"C1: term {number} was journaled after {_term}");
                _term = new Term(number);
                break;
            case DiskRecordKind.RoundOpened:
                Promise.Require(number > _round.Value, $"C1: round {number} was journaled after {_round}");
                _round = new Round(number);
                break;
            case DiskRecordKind.RoundCommitted:
                Promise.Require(number > _committed.Value, $"C2: round {number} commits after {_committed}");
                (_committed, _commits, _model) = (new Round(number), _commits + 1, record.Content);
                break;
        }
    }

    public void On(CoordinatorEffect effect)
    {
        switch (effect)
        {
            case CoordinatorEffect.Broadcast m:
                OnSent(m.Message);
                OnEnded(m.Message);
                break;
            case CoordinatorEffect.Send m:
                OnSent(m.Message);
                break;
        }
    }

    private void OnSent(ServerMessage message)
    {
        var (term, round) = message switch
        {
            ServerMessage.ElectionOpened m => (m.Term, _round),
            ServerMessage.LeadersAnnounced m => (m.Leaders.Term, _round),
            ServerMessage.OffersPublished m => (m.Term, _round),
            ServerMessage.RoundOpened m => (_term, m.Spec.Round),
            ServerMessage.Paused m => (m.Term, m.Round),
            ServerMessage.SlotOffered m => (m.Leaders.Term, m.Round),
            ServerMessage.ReplacementAsked m => (m.Leaders.Term, m.Round),
            ServerMessage.Replaced m => (m.Leaders.Term, m.Round),
            _ => (_term, _round),
        };
        Promise.Require(term <= _term, $"C1: term {term} was sent before it was journaled");
        Promise.Require(round <= _round, $"C1: round {round} was sent before it was journaled");
    }

    private void OnEnded(ServerMessage message)
    {
        Round? ended = message switch
        {
            ServerMessage.RoundCommitted m => m.Round,
            ServerMessage.RoundAborted m => m.Round,
            _ => null,
        };
        if (ended is { } round)
        {
            Promise.Require(round > _ended, $"C2: round {round} ended twice");
            _ended = round;
        }

        if (message is ServerMessage.RoundCommitted committed)
        {
            Promise.Require(_committed == committed.Round, $"C5: round {committed.Round} was announced before its commit was durable");
        }
    }
}
