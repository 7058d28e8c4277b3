using System.Collections.Immutable;
using DemoFl.Identity;
using DemoFl.Wire;

namespace DemoFl.Fuzz;

/// <summary>Valid messages of every kind, the same every time.</summary>
internal static class Samples
{
    public const int Leaders = 3;
    public const int Parties = 5;
    public const int Dimension = 8;

    public static readonly RunId Run = new(0x1234_5678_9ABC);
    public static readonly Term Term = new(4);
    public static readonly Round Round = new(9);
    public static readonly Attempt Attempt = new(1);

    public static NodeId Node(int number) => new(Hash256.Of([(byte)number]));

    public static Incarnation Life(int number) => new((UInt128)(number + 1));

    public static byte[] Filled(int length, int with) => [.. Enumerable.Repeat((byte)with, length)];

    public static Credentials Credentials(int number) => new($"node-{number}", Filled(91, number), Filled(40, number));

    public static LeaderSet LeaderSet(ulong term = 4, int replaced = -1) => new(Run, new Term(term), [.. Enumerable.Range(0, Leaders).Select(i => i == replaced
        ? new Seat(new Slot(i), Node(Leaders), Life(Leaders), new Term(term))
        : new Seat(new Slot(i), Node(i), Life(i), Term))]);

    public static SignedOffer Offer(int slot, int node, ulong term = 4, ulong firstRound = 9) => new(
        new KeyOffer(Run, new Term(term), new Slot(slot), Node(node), Life(node), new Round(firstRound), Filled(65, 4)), Credentials(node), Filled(64, node));

    public static SignedAnswer Answer(int node) =>
        new(new KeyAnswer(Hash256.Of("offer"u8), Node(node), Life(node), Filled(65, 4)), Credentials(node), Filled(64, node));

    public static PartySet PartySet(int count = Parties) => new(Enumerable.Range(0, count).Select(i => new Contribution(Node(i), Hash256.Of([1, (byte)i]))));

    public static RoundSpec Spec(Layout layout = Layout.Masked, ulong round = 9) => new(
        Run, new Round(round), Hash256.Of("model"u8), layout, new EncodingRules(32, 0.5, 1_000, 20, 1.0 / 1024, 1024),
        new TrainingPlan("softmax", Dimension, 1, 32, 0.05, 0.9, 1e-4, 7, 0.1, new ServerStep(ServerMethod.Adam, 0.01, 0.9, 0.99, 1e-3)),
        [.. Enumerable.Range(0, Parties).Select(Node).OrderBy(n => n.Value)], 3, TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(30));

    public static SignedDigest Digest(int slot) => new(
        new Slot(slot), new RoundDigest(Run, Term, Round, Attempt, Spec().Digest, LeaderSet().Digest, PartySet().Digest), Filled(64, slot));

    public static SignedReplacement Agreement(int slot)
    {
        var next = LeaderSet(5, replaced: 1);
        return new SignedReplacement(new Slot(slot), Replacement.Of(Round, next, Offer(1, Leaders, 5).Offer), Filled(64, slot));
    }

    public static ImmutableArray<ServerMessage> ServerMessages() =>
    [
        new ServerMessage.ElectionOpened(Term, TimeSpan.FromMilliseconds(500), Leaders),
        new ServerMessage.LeadersAnnounced(LeaderSet(), Round),
        new ServerMessage.OffersPublished(Term, [.. Enumerable.Range(0, Leaders).Select(i => Offer(i, i))]),
        new ServerMessage.RoundOpened(Spec()),
        new ServerMessage.HoldingsAsked(Round, Attempt, PartySet(), ByLeaders: true),
        new ServerMessage.IntersectionProposed(Round, Attempt, PartySet(4)),
        new ServerMessage.ReleaseAsked(Round, Attempt),
        new ServerMessage.Paused(Round, new Term(5), new Slot(1)),
        new ServerMessage.SlotOffered(Round, LeaderSet(5, replaced: 1)),
        new ServerMessage.ReplacementAsked(Round, LeaderSet(5, replaced: 1), Offer(1, Leaders, 5)),
        new ServerMessage.Replaced(Round, LeaderSet(5, replaced: 1), Offer(1, Leaders, 5), [Agreement(0), Agreement(2)]),
        new ServerMessage.RoundCommitted(Round, Hash256.Of("next"u8), Parties, Totals),
        new ServerMessage.RoundAborted(Round, "too few"),
        new ServerMessage.RunFinished(true, "all rounds are committed"),
    ];

    public static RoundTotals Totals => new(500, 3, 12.5, 400, 500);

    public static ImmutableArray<NodeMessage> NodeMessages() =>
    [
        new NodeMessage.Recommendation(Term),
        new NodeMessage.OfferMade(Offer(0, 0)),
        new NodeMessage.KeysEstablished(Term),
        new NodeMessage.VectorDelivered(Round, Hash256.Of([1, 1])),
        new NodeMessage.Declined(Round, "not now"),
        new NodeMessage.HoldingsReported(Round, Attempt, [.. Enumerable.Range(0, Parties).Select(Node)]),
        new NodeMessage.DigestsReported(Round, Attempt, [.. Enumerable.Range(0, Leaders).Select(Digest)]),
        new NodeMessage.LeaderRefused(Round, "no"),
        new NodeMessage.ReplacementAgreed(Round, Agreement(0)),
        new NodeMessage.Resealed(Round, new Term(5)),
        new NodeMessage.HolderSilent(Round, new Slot(2)),
    ];

    public static ImmutableArray<(PeerMessage Message, SealContext Context)> PeerMessages() =>
    [
        .. new PeerMessage[]
        {
            new PeerMessage.Confirm(), new PeerMessage.Announcement(Round, new Nonce(Hash256.Of("nonce"u8)), Spec().Digest, LeaderSet().Digest),
            new PeerMessage.Acknowledgement(Round, true), new PeerMessage.DigestShare(Digest(1)), new PeerMessage.Affirmation(Round, Term, LeaderSet().Digest),
            new PeerMessage.AffirmationReceipt(Round, Term), new PeerMessage.HoldingsShare(Round, Attempt, PartySet().Digest, [Node(1), Node(2)]),
        }.Select(m => (m, Context(PeerContents.KindOf(m)))),
    ];

    public static SealContext Context(SealedKind kind) => new(Run, Term, Round, Attempt, Node(1), Node(0), new Slot(0), kind);

    /// <summary>A key with which the samples' coordinator signs. Drawn anew in every process: nothing depends on which it is.</summary>
    public static IdentityKey ServerKey { get; } = IdentityKey.Create();
}
