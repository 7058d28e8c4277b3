namespace DemoFl.Protocol.Tests.Statements;

/// <summary>One value of every statement, the same as in Vectors/statements.py.</summary>
internal static class Known
{
    public static readonly RunId Run = new(new UInt128(0x0001020304050607, 0x08090A0B0C0D0E0F));

    public static readonly LeaderSet Leaders = new(Run, new Term(7), [
        new Seat(new Slot(0), Node(0xA0), new Incarnation(0x10), new Term(5)),
        new Seat(new Slot(1), Node(0xA1), new Incarnation(0x11), new Term(6)),
        new Seat(new Slot(2), Node(0xA2), new Incarnation(0x12), new Term(7))]);

    private static readonly ServerStep Yogi = new(ServerMethod.Yogi, 0.02, 0.8, 0.95, 0.001);

    public static readonly RoundSpec Spec = new(
        Run, new Round(42), Fill(0x77), Layout.Masked, new EncodingRules(32, 0.5, 1000, 16, 1.0 / 1024, 1024),
        new TrainingPlan("mlp:128", 101770, 2, 32, 0.05, 0.9, 0.0001, 0xDEADBEEFCAFEF00D, 0.01, Yogi, TrainingStage.Variances), [Node(0x31), Node(0x32), Node(0x33)], 3,
        TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(30));

    public static readonly PartySet B = new([Contribution(0x33, 0xC3), Contribution(0x31, 0xC1), Contribution(0x32, 0xC2)]);

    public static readonly RoundDigest Digest = new(Run, new Term(7), new Round(42), Attempt.First, Spec.Digest, Leaders.Digest, B.Digest);

    public static readonly SealContext Context = new(
        Run, new Term(7), new Round(42), Attempt.First, Node(0xA0), Node(0xA1), new Slot(1), SealedKind.Digest);

    public static readonly KeyOffer Offer = new(Run, new Term(7), new Slot(2), Node(0xA2), new Incarnation(0x12), new Round(43), Point(0x51, 0x52));

    /// <summary>As if slot 2 had been filled anew in round 42.</summary>
    public static readonly Replacement Replacement = Replacement.Of(new Round(42), Leaders, Offer);

    public static readonly KeyAnswer Answer = new(Hash256.Of(Offer.Statement()), Node(0x31), new Incarnation(0x99), Point(0x61, 0x62));

    public static readonly JoinStatement Join = new(1, Run, Fill(0xE0), Fill(0xE1), Node(0xA0), new Incarnation(0x10));

    public static readonly RunHead Head = new(Run, new Term(7), new Round(42));

    public static Hash256 Fill(byte value) => new([.. Enumerable.Repeat(value, Hash256.Size)]);

    public static NodeId Node(byte value) => new(Fill(value));

    private static Contribution Contribution(byte party, byte nonce) => new(Node(party), new Nonce(Fill(nonce)).Hash);

    private static byte[] Point(byte x, byte y) => [4, .. Fill(x).ToArray(), .. Fill(y).ToArray()];
}
