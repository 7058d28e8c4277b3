using DemoFl.Protocol;
using DemoFl.Simulation;

namespace DemoFl.Figures.Messages;

/// <summary>Watches a simulated federation and counts messages as they are sent: without faults they all arrive.</summary>
internal sealed class MessageTrace : IWitness
{
    private readonly SortedDictionary<MessageKind, long> _counts = [];
    private int _nodes;

    public IReadOnlyDictionary<MessageKind, long> Counts => _counts;

    public void Note(TimeSpan at, string who, object what)
    {
        switch (what)
        {
            case CoordinatorInput.NodeArrived:
                _nodes++;
                break;
            case CoordinatorEffect.Send m:
                Count(KindOf(m.Message), 1);
                break;
            case CoordinatorEffect.Broadcast m:
                Count(KindOf(m.Message), _nodes);
                break;
            case NodeEffect.Tell m:
                Count(KindOf(m.Message), 1);
                break;
            case NodeEffect.OfferKeys:
                Count(MessageKind.KeyOffer, 1);
                break;
            case NodeEffect.AnswerOffers m:
                Count(MessageKind.KeyAnswer, m.Offers.Length);
                Count(MessageKind.KeyConfirmation, m.Offers.Length);
                break;
            case NodeEffect.ToHolder m:
                Count(KindOf(m.Message), 1);
                break;
            case NodeEffect.ToParty m:
                Count(KindOf(m.Message), 1);
                break;
            case NodeEffect.SubmitVector:
                Count(MessageKind.Vector, 1);
                break;
            case NodeEffect.ReleaseSum:
                Count(MessageKind.Sum, 1);
                break;
        }
    }

    private static MessageKind? KindOf(ServerMessage message) => message switch
    {
        ServerMessage.ElectionOpened => MessageKind.ElectionOpened,
        ServerMessage.LeadersAnnounced => MessageKind.LeaderSet,
        ServerMessage.OffersPublished => MessageKind.KeyOffer,
        ServerMessage.RoundOpened => MessageKind.Model,
        ServerMessage.HoldingsAsked or ServerMessage.ReleaseAsked => MessageKind.Question,
        ServerMessage.IntersectionProposed => MessageKind.Intersection,
        ServerMessage.RoundCommitted => MessageKind.Commit,
        ServerMessage.Beat => MessageKind.Heartbeat,
        ServerMessage.RunFinished => null,
        _ => throw Unexpected(message),
    };

    private static MessageKind KindOf(NodeMessage message) => message switch
    {
        NodeMessage.Recommendation => MessageKind.Recommendation,
        NodeMessage.KeysEstablished => MessageKind.KeyConfirmation,
        NodeMessage.VectorDelivered => MessageKind.Acknowledgement,
        NodeMessage.HoldingsReported => MessageKind.Holdings,
        NodeMessage.DigestsReported => MessageKind.Digest,
        NodeMessage.BeatAnswered => MessageKind.Heartbeat,
        _ => throw Unexpected(message),
    };

    private static MessageKind KindOf(PeerMessage message) => message switch
    {
        PeerMessage.Confirm => MessageKind.KeyConfirmation,
        PeerMessage.Announcement => MessageKind.Share,
        PeerMessage.Acknowledgement => MessageKind.Acknowledgement,
        PeerMessage.DigestShare => MessageKind.Digest,
        _ => throw Unexpected(message),
    };

    /// <summary>A message that is not counted would make every figure wrong without a word.</summary>
    private static InvalidOperationException Unexpected(object message) => new($"A run without faults has no {message.GetType().Name}, or it has no column yet.");

    private void Count(MessageKind? kind, int times)
    {
        if (kind is { } counted)
        {
            _counts[counted] = _counts.GetValueOrDefault(counted) + times;
        }
    }
}
