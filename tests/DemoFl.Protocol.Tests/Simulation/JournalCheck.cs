namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>Numbers are used up in the journal before anybody hears of them, strictly upwards, and a round ends once (C1, C2, C6).</summary>
internal sealed class JournalCheck
{
    private Term _term;
    private Round _round;
    private Round _ended;

    public void On(CoordinatorEffect effect)
    {
        switch (effect)
        {
            case CoordinatorEffect.Journal { Entry: JournalEntry.TermOpened m }:
                Invariants.Require(m.Term > _term, $"C1: term {m.Term} was journaled after {_term}");
                _term = m.Term;
                break;
            case CoordinatorEffect.Journal { Entry: JournalEntry.RoundOpened m }:
                Invariants.Require(m.Round > _round, $"round {m.Round} was journaled after {_round}");
                _round = m.Round;
                break;
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
            _ => (_term, _round),
        };
        Invariants.Require(term <= _term, $"term {term} was sent before it was journaled");
        Invariants.Require(round <= _round, $"round {round} was sent before it was journaled");
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
            Invariants.Require(round > _ended, $"C2: round {round} ended twice");
            _ended = round;
        }
    }
}
