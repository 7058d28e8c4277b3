using DemoFl.Protocol;
using DemoFl.Simulation;

namespace DemoFl.Figures.Messages;

/// <summary>Watches a simulated federation and counts messages as they are sent, whether or not they arrive.</summary>
internal sealed class MessageTrace : IWitness
{
    private readonly SortedDictionary<MessageKind, long> _counts = [];
    private readonly Dictionary<NodeId, long> _present = [];

    public IReadOnlyDictionary<MessageKind, long> Counts => _counts;

    public void Note(TimeSpan at, string who, object what)
    {
        switch (what)
        {
            case CoordinatorInput.NodeArrived m:
                _present[m.Node] = m.Connection;
                break;
            case CoordinatorInput.NodeDeparted m when _present.GetValueOrDefault(m.Node) == m.Connection:
                _present.Remove(m.Node);
                break;
            case CoordinatorEffect.Send m:
                Count(KindOf(m.Message), 1);
                break;
            case CoordinatorEffect.Broadcast m:
                Count(KindOf(m.Message), _present.Count);
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
            case NodeEffect.Reseal m:
                Count(m.Vector ? MessageKind.Vector : MessageKind.Seed, 1);
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
        ServerMessage.RoundAborted => MessageKind.Abort,
        ServerMessage.Paused or ServerMessage.SlotOffered or ServerMessage.ReplacementAsked or ServerMessage.Replaced => MessageKind.Reorganisation,
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
        NodeMessage.ReplacementAgreed or NodeMessage.Resealed => MessageKind.Reorganisation,
        NodeMessage.Declined or NodeMessage.LeaderRefused or NodeMessage.HolderSilent => MessageKind.Refusal,
        _ => throw Unexpected(message),
    };

    private static MessageKind KindOf(PeerMessage message) => message switch
    {
        PeerMessage.Confirm => MessageKind.KeyConfirmation,
        PeerMessage.Announcement => MessageKind.Share,
        PeerMessage.Acknowledgement or PeerMessage.AffirmationReceipt => MessageKind.Acknowledgement,
        PeerMessage.Affirmation => MessageKind.Affirmation,
        PeerMessage.DigestShare => MessageKind.Digest,
        _ => throw Unexpected(message),
    };

    /// <summary>A message that is not counted would make every figure wrong without a word.</summary>
    private static InvalidOperationException Unexpected(object message) => new($"{message.GetType().Name} has no column yet.");

    private void Count(MessageKind? kind, int times)
    {
        if (kind is { } counted)
        {
            _counts[counted] = _counts.GetValueOrDefault(counted) + times;
        }
    }
}
