using DemoFl.Protocol;

namespace DemoFl.Relay.Audit;

/// <summary>
/// Tells what no honest node says where it stands, from what the coordinator has told everybody: a leader's word of a node that leads nothing, a party's of
/// one that is none, a second candidacy, news of rounds and terms that nobody has opened. The coordinator's machine drops such messages, with others that
/// are merely late; this is for the audit, so whatever could be late is no offence. Not thread-safe.
/// </summary>
internal sealed class RoleWatch
{
    private readonly Dictionary<NodeId, Presence> _present = [];

    /// <summary>Whoever has held or been offered a slot; one who has lost it may still be heard.</summary>
    private readonly HashSet<NodeId> _leaders = [];

    private LeaderSet? _seated;
    private Round _round;
    private HashSet<NodeId> _parties = [];
    private HashSet<NodeId> _leadersOfRound = [];

    /// <summary>Takes note of who comes and goes.</summary>
    public void Saw(CoordinatorInput input)
    {
        switch (input)
        {
            case CoordinatorInput.NodeArrived m:
                _present[m.Node] = new Presence(m.CanLead, m.Connection);
                break;
            case CoordinatorInput.NodeDeparted m when _present.GetValueOrDefault(m.Node)?.Connection == m.Connection:
                _present.Remove(m.Node);
                break;
        }
    }

    /// <summary>Takes note of what nodes are told.</summary>
    public void Saw(CoordinatorEffect effect)
    {
        switch (effect)
        {
            case CoordinatorEffect.Broadcast m:
                Told(m.Message);
                break;
            case CoordinatorEffect.Send { Message: ServerMessage.SlotOffered or ServerMessage.ReplacementAsked or ServerMessage.HoldingsAsked } m:
                Asked(m.To);
                break;
            case CoordinatorEffect.Send { Message: ServerMessage.IntersectionProposed or ServerMessage.ReleaseAsked } m:
                Asked(m.To);
                break;
            case CoordinatorEffect.Send m:
                Told(m.Message);
                break;
        }
    }

    /// <summary>What is against this node's saying this now, or null. Takes note of what it says.</summary>
    /// <param name="node">Who says it.</param>
    /// <param name="message">What it says.</param>
    /// <param name="term">The highest term that was opened.</param>
    /// <param name="round">The highest round that was opened.</param>
    public string? Objection(NodeId node, NodeMessage message, Term term, Round round) =>
        _present.TryGetValue(node, out var presence) ? Objection(node, presence, message, term, round) : null;

    private string? Objection(NodeId node, Presence presence, NodeMessage message, Term term, Round round) => message switch
    {
        NodeMessage.Recommendation m => Candidacy(presence, m.Term, term),
        NodeMessage.KeysEstablished m => m.Term > term ? $"term {m.Term} has not been opened" : Keyed(presence, m.Term),
        NodeMessage.OfferMade or NodeMessage.LeaderRefused when !_leaders.Contains(node) => "it holds no slot, and has held none",
        NodeMessage.HoldingsReported m => AsLeader(node, m.Round, round),
        NodeMessage.DigestsReported m => AsLeader(node, m.Round, round),
        NodeMessage.ReplacementAgreed m => AsLeader(node, m.Round, round),
        NodeMessage.VectorDelivered m => AsParty(node, m.Round, round),
        NodeMessage.Declined m => AsParty(node, m.Round, round),
        NodeMessage.Resealed m => AsParty(node, m.Round, round),
        NodeMessage.HolderSilent m => AsParty(node, m.Round, round),
        _ => null,
    };

    private static string? Candidacy(Presence candidate, Term wanted, Term opened)
    {
        string? objection = !candidate.CanLead ? "it has joined as one that does not lead"
            : wanted > opened ? $"term {wanted} has not been opened"
            : wanted <= candidate.KeyedIn ? $"the leaders of term {candidate.KeyedIn} are seated, and it has said that it has keys with them"
            : wanted == candidate.RecommendedFor ? $"it has recommended itself for term {wanted} already"
            : null;
        candidate.RecommendedFor = objection is null ? wanted : candidate.RecommendedFor;
        return objection;
    }

    private string? Keyed(Presence presence, Term term)
    {
        presence.KeyedIn = term == _seated?.Term ? term : presence.KeyedIn;
        return null;
    }

    private string? AsLeader(NodeId node, Round said, Round opened) =>
        said > opened ? $"round {said} has not been opened"
        : said == _round && !_leadersOfRound.Contains(node) ? $"it holds no slot in round {said}"
        : !_leaders.Contains(node) ? "it holds no slot, and has held none"
        : null;

    private string? AsParty(NodeId node, Round said, Round opened) =>
        said > opened ? $"round {said} has not been opened"
        : said == _round && !_parties.Contains(node) ? $"it is no party of round {said}"
        : null;

    private void Told(ServerMessage message)
    {
        switch (message)
        {
            case ServerMessage.LeadersAnnounced m:
                Seat(m.Leaders);
                break;
            case ServerMessage.Replaced m:
                Seat(m.Leaders);
                _leadersOfRound.UnionWith(m.Leaders.Seats.Select(s => s.Holder));
                break;
            case ServerMessage.RoundOpened m when m.Spec.Round != _round:
                (_round, _parties) = (m.Spec.Round, [.. m.Spec.Participants]);
                _leadersOfRound = [.. _seated?.Seats.Select(s => s.Holder) ?? []];
                break;
        }
    }

    private void Seat(LeaderSet leaders)
    {
        _seated = leaders;
        _leaders.UnionWith(leaders.Seats.Select(s => s.Holder));
    }

    /// <summary>As a leader, or as one that is to become one.</summary>
    private void Asked(NodeId node)
    {
        _leaders.Add(node);
        _leadersOfRound.Add(node);
    }

    private sealed class Presence(bool canLead, long connection)
    {
        public bool CanLead => canLead;

        public long Connection => connection;

        public Term RecommendedFor { get; set; }

        /// <summary>The term with whose leaders it has said to have keys.</summary>
        public Term KeyedIn { get; set; }
    }
}
