using System.Collections.Immutable;

namespace DemoFl.Protocol.Tests;

/// <summary>Plain values to build cases from; the same number always makes the same value.</summary>
internal static class Some
{
    public static readonly RunId Run = new(0x0123456789ABCDEF);

    public static readonly EncodingRules Encoding = new(32, 0.5, 1000, 16, 1.0 / 1024, 1024);

    public static readonly TrainingPlan Training = new("softmax", 8, 1, 32, 0.05, 0.9, 0.001, 7);

    public static Hash256 Hash(string text) => new CanonicalWriter("test").Text(text).ToHash();

    private static readonly byte[] Point = [4, 1];

    private static readonly Dictionary<NodeId, int> Numbers = Enumerable.Range(0, 400).ToDictionary(Node);

    public static NodeId Node(int i) => new(Hash($"node {i}"));

    /// <summary>Which node this is.</summary>
    public static int NumberOf(NodeId node) => Numbers[node];

    public static ImmutableArray<NodeId> Nodes(int count) => [.. Enumerable.Range(0, count).Select(Node).OrderBy(n => n.Value)];

    public static Incarnation Incarnation(int i) => new((UInt128)(1000 + i));

    public static Nonce Nonce(int i) => new(Hash($"nonce {i}"));

    /// <summary>Node i with nonce i.</summary>
    public static Contribution Contribution(int i) => new(Node(i), Nonce(i).Hash);

    public static PartySet Parties(params int[] nodes) => new(nodes.Select(Contribution));

    /// <summary>Holder i in slot i, of its first incarnation.</summary>
    public static LeaderSet Leaders(ulong term = 1, int count = 3, RunId? run = null) => new(
        run ?? Run, new Term(term), [.. Enumerable.Range(0, count).Select(i => new Seat(new Slot(i), Node(i), Incarnation(i), new Term(term)))]);

    /// <summary>These nodes in slots 0, 1, ..., of their first incarnations, seated in term 1.</summary>
    public static LeaderSet LeadersOf(params int[] holders) =>
        new(Run, new Term(1), [.. holders.Select((node, i) => new Seat(new Slot(i), Node(node), Incarnation(node), new Term(1)))]);

    /// <summary>The same leaders with <paramref name="slot"/> filled anew in <paramref name="term"/>, by a node of its first incarnation.</summary>
    public static LeaderSet Replaced(LeaderSet leaders, int slot, int holder, ulong term = 2) => new(
        leaders.Run, new Term(term), leaders.Seats.SetItem(slot, new Seat(new Slot(slot), Node(holder), Incarnation(holder), new Term(term))));

    public static SignedOffer Offer(Seat seat) => Offer(seat, new Round(1));

    public static SignedOffer Offer(Seat seat, Round firstRound) => new(
        new KeyOffer(Run, seat.Since, seat.Slot, seat.Holder, seat.Incarnation, firstRound, Point), new Credentials("", default, default), default);

    /// <summary>What all are told of a slot filled anew, with every survivor's agreement.</summary>
    public static ServerMessage.Replaced Replacement(LeaderSet before, LeaderSet next, ulong round = 1)
    {
        var lost = before.ReplacedIn(next)!.Value;
        var offer = Offer(next.Seats[lost.Index], new Round(round));
        var agreed = Protocol.Replacement.Of(new Round(round), next, offer.Offer);
        return new ServerMessage.Replaced(
            new Round(round), next, offer, [.. before.Seats.Where(s => s.Slot != lost).Select(s => new SignedReplacement(s.Slot, agreed, default))]);
    }

    public static ServerMessage.OffersPublished Offers(LeaderSet leaders) => new(leaders.Term, [.. leaders.Seats.Select(s => Offer(s))]);

    public static RoundSpec Spec(ulong round = 1, Layout layout = Layout.Masked, int parties = 5, int kMin = 3) => new(
        Run, new Round(round), Hash("model"), layout, Encoding, Training, Nodes(parties), kMin, TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(30));

    /// <summary>By a party that was told this specification and these leaders.</summary>
    public static PeerMessage.Announcement Announcement(ulong round, Nonce nonce, RoundSpec? spec = null, LeaderSet? leaders = null) =>
        new(new Round(round), nonce, (spec ?? Spec(round)).Digest, (leaders ?? Leaders()).Digest);

    public static CoordinatorRules Rules(
        int leaders = 2, ElectionMode election = ElectionMode.First, int minimumNodes = 4, double fraction = 1, int kMin = 3,
        Layout layout = Layout.Masked, int rounds = 2, LeaderCare? care = null) => new(
        Run, leaders, election, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10), minimumNodes, fraction, kMin, layout, Encoding, Training,
        TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(30), rounds, MaxConsecutiveAborts: 3)
    {
        Care = care ?? Care(LossPolicy.Abort),
    };

    /// <summary>Beats so rare that deadlines of rounds and phases can be looked at by themselves, and slots for ever.</summary>
    public static LeaderCare Care(LossPolicy onLoss = LossPolicy.Reseal, int tenure = 0, bool leadersIntersect = false) =>
        new(TimeSpan.FromDays(1), OnLoss: onLoss, Tenure: tenure, LeadersIntersect: leadersIntersect);
}
