namespace DemoFl.Simulation;

/// <summary>At most one leader set per term, and terms never decrease at anybody (C1); one process, one slot (P3).</summary>
internal sealed class TermPromises(Scenario scenario)
{
    private readonly Dictionary<Term, Hash256> _leadersOf = [];
    private readonly Dictionary<NodeHost, Term> _termOf = [];
    private Term _serverTerm;
    private LeaderSet? _last;

    /// <summary>A term that was opened and never journaled has not been; nobody has heard of it (see <see cref="JournalPromises"/>).</summary>
    public void OnStart(CoordinatorProgress progress) => _serverTerm = progress.LastTerm;

    public void AfterStep(CoordinatorMachine machine)
    {
        Promise.Require(machine.Term >= _serverTerm, $"C1: the coordinator's term fell from {_serverTerm} to {machine.Term}");
        _serverTerm = machine.Term;
    }

    /// <summary>What was seated and never told, because the server went down, has not been.</summary>
    public void On(CoordinatorEffect effect)
    {
        var message = effect switch { CoordinatorEffect.Broadcast m => m.Message, CoordinatorEffect.Send m => m.Message, _ => null };
        Seated(message switch
        {
            ServerMessage.LeadersAnnounced m => m.Leaders,
            ServerMessage.SlotOffered m => m.Leaders,
            ServerMessage.ReplacementAsked m => m.Leaders,
            ServerMessage.Replaced m => m.Leaders,
            _ => null,
        });
    }

    public void AfterStep(NodeHost node)
    {
        if (node.Leaders is { } leaders)
        {
            Promise.Require(leaders.Term >= _termOf.GetValueOrDefault(node), $"C1: the term of {node.Resident.Name} fell to {leaders.Term}");
            _termOf[node] = leaders.Term;
            if (scenario.Evil is null)
            {
                Seated(leaders);
            }
        }
    }

    public void Forget(NodeHost node) => _termOf.Remove(node);

    private void Seated(LeaderSet? leaders)
    {
        if (leaders is null || ReferenceEquals(leaders, _last))
        {
            return;
        }

        _last = leaders;
        Promise.Require(
            _leadersOf.TryAdd(leaders.Term, leaders.Digest) || _leadersOf[leaders.Term] == leaders.Digest,
            $"C1: term {leaders.Term} has two leader sets");
        Promise.Require(leaders.Seats.Length == scenario.Rules.Leaders, $"C1: term {leaders.Term} has {leaders.Seats.Length} leaders");
        Promise.Require(
            leaders.Seats.DistinctBy(s => s.Incarnation).Count() == leaders.Seats.Length, $"P3: a process holds two slots in term {leaders.Term}");
    }
}
