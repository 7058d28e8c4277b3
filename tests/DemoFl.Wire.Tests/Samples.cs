using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DemoFl.Protocol;

namespace DemoFl.Wire.Tests;

/// <summary>At least one message of every kind, with no field at its default, and a signature that any change breaks.</summary>
internal static class Samples
{
    public static readonly RunId Run = new(UInt128.MaxValue - 5);

    public static readonly LeaderSet Leaders = new(Run, new Term(7), [
        new Seat(new Slot(0), Node(1), new Incarnation(11), new Term(5)), new Seat(new Slot(1), Node(2), new Incarnation(UInt128.MaxValue), new Term(7))]);

    public static readonly RoundSpec Spec = new(
        Run, new Round(42), Hash("model"), Layout.Rotating, new EncodingRules(16, 0.25, 2000, 12, 0.125, 8),
        new TrainingPlan("mlp:128", 101770, 2, 64, 0.05, 0.9, 1e-4, ulong.MaxValue, 0.25, new ServerStep(ServerMethod.Adam, 0.02, 0.8, 0.95, 1e-3), TrainingStage.Means), [Node(1), Node(2), Node(3)], 3,
        TimeSpan.FromMilliseconds(1500), TimeSpan.FromMilliseconds(700));

    public static readonly PartySet Parties = new([new Contribution(Node(1), Hash("n1")), new Contribution(Node(2), Hash("n2"))]);

    public static readonly Credentials Credentials = new("hospital-α", new byte[] { 1, 2, 3 }, new byte[] { 4, 5 });

    public static readonly SignedOffer Offer = new(
        new KeyOffer(Run, new Term(7), new Slot(1), Node(2), new Incarnation(3), new Round(43), new byte[] { 4, 9, 9 }), Credentials, new byte[] { 6 });

    public static readonly SignedAnswer Answer = new(
        new KeyAnswer(Hash("offer"), Node(3), new Incarnation(4), new byte[] { 4, 8, 8 }), Credentials, new byte[] { 7 });

    public static readonly SignedDigest Digest = new(
        new Slot(1), new RoundDigest(Run, new Term(7), new Round(42), new Attempt(2), Hash("spec"), Hash("leaders"), Hash("b")), new byte[] { 8, 8 });

    public static readonly SignedReplacement Agreement = new(
        new Slot(1), new Replacement(Run, new Round(42), new Term(8), new Slot(2), Node(4), new Incarnation(5), Hash("offer"), Hash("next")), new byte[] { 9 });

    public static readonly ServerMessage.Beat Beat = new(ulong.MaxValue - 1);

    public static readonly NodeMessage.BeatAnswered BeatAnswered = new(ulong.MaxValue - 2);

    public static readonly ImmutableArray<ServerMessage> FromServer =
    [
        new ServerMessage.ElectionOpened(new Term(7), TimeSpan.FromMilliseconds(500), 3),
        new ServerMessage.LeadersAnnounced(Leaders, new Round(12)),
        new ServerMessage.OffersPublished(new Term(7), [Offer, Offer]),
        new ServerMessage.RoundOpened(Spec),
        new ServerMessage.Paused(new Round(42), new Term(8), new Slot(2)),
        new ServerMessage.SlotOffered(new Round(42), Leaders),
        new ServerMessage.ReplacementAsked(new Round(42), Leaders, Offer),
        new ServerMessage.Replaced(new Round(42), Leaders, Offer, [Agreement, Agreement]),
        new ServerMessage.HoldingsAsked(new Round(42), new Attempt(2), Parties),
        new ServerMessage.HoldingsAsked(new Round(42), new Attempt(2), Parties, ByLeaders: true),
        new ServerMessage.IntersectionProposed(new Round(42), new Attempt(2), Parties),
        new ServerMessage.ReleaseAsked(new Round(42), new Attempt(2)),
        new ServerMessage.RoundCommitted(new Round(42), Hash("next"), 2, new RoundTotals(600, 1, 0.5, 20, 30)),
        new ServerMessage.RoundAborted(new Round(42), "a leader was lost"),
        new ServerMessage.RunFinished(true, "20 rounds committed"),
    ];

    public static readonly ImmutableArray<NodeMessage> FromNode =
    [
        new NodeMessage.Recommendation(new Term(7)),
        new NodeMessage.OfferMade(Offer),
        new NodeMessage.KeysEstablished(new Term(7)),
        new NodeMessage.VectorDelivered(new Round(42), Hash("n1")),
        new NodeMessage.Declined(new Round(42), "k_min is 2, below this node's floor of 3"),
        new NodeMessage.HoldingsReported(new Round(42), new Attempt(2), [Node(1), Node(2)]),
        new NodeMessage.DigestsReported(new Round(42), new Attempt(2), [Digest, Digest]),
        new NodeMessage.LeaderRefused(new Round(42), "no"),
        new NodeMessage.ReplacementAgreed(new Round(42), Agreement),
        new NodeMessage.Resealed(new Round(42), new Term(8)),
        new NodeMessage.HolderSilent(new Round(42), new Slot(2)),
    ];

    public static readonly ImmutableArray<PeerMessage> FromPeer =
    [
        new PeerMessage.Confirm(),
        new PeerMessage.Announcement(new Round(42), new Nonce(Hash("nonce")), Hash("spec"), Hash("leaders")),
        new PeerMessage.Acknowledgement(new Round(42), Vector: false),
        new PeerMessage.Acknowledgement(new Round(42), Vector: true),
        new PeerMessage.DigestShare(Digest),
        new PeerMessage.Affirmation(new Round(42), new Term(8), Hash("next")),
        new PeerMessage.AffirmationReceipt(new Round(42), new Term(8)),
        new PeerMessage.HoldingsShare(new Round(42), new Attempt(2), Hash("b0"), [Node(1), Node(2)]),
    ];

    /// <summary>Where the messages of <see cref="FromPeer"/> are sealed.</summary>
    public static SealContext Sealed(SealedKind kind) => new(
        Run, SealContext.BelongsToRound(kind) ? default : new Term(8), new Round(42), new Attempt(2), Node(1), Node(2), new Slot(1), kind);

    public static NodeId Node(int i) => new(Hash($"node {i}"));

    public static Hash256 Hash(string text) => Hash256.Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Stands for the coordinator's key: a hash of domain and statement.</summary>
    public static byte[] Sign(string domain, ReadOnlySpan<byte> statement) => SHA256.HashData([.. Encoding.UTF8.GetBytes(domain), 0, .. statement]);

    public static bool Verify(string domain, byte[] statement, ReadOnlyMemory<byte> signature) =>
        signature.Span.SequenceEqual(Sign(domain, statement));

    public static V1.ServerFrame Frame<T>()
        where T : ServerMessage => ServerFrames.ToWire(FromServer.OfType<T>().First(), Run, Sign);

    public static V1.NodeFrame NodeFrame<T>()
        where T : NodeMessage => NodeFrames.ToWire(FromNode.OfType<T>().First());
}
