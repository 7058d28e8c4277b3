using DemoFl.Node.Owner;
using DemoFl.Node.Rounds;
using DemoFl.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace DemoFl.Node.Tests.Owner;

/// <summary>What a party gives a lost leader's successor is in the owner's record before it leaves, or does not leave.</summary>
public sealed class EffectRecordTests : IDisposable
{
    private const string Name = "alice";

    private static readonly LeaderSet Leaders = new(Some.Run, new Term(3), [
        new Seat(new Slot(0), Some.Node(1), new Incarnation(1), new Term(2)), new Seat(new Slot(1), Some.Node(2), new Incarnation(2), new Term(3))]);

    private readonly RecordPlace _place = new();
    private readonly RoundSpec _spec = Some.Spec(5);
    private readonly List<NodeInput> _next = [];

    private static NodeEffect.ToHolder Affirmation(int slot) =>
        new(new Slot(slot), new PeerMessage.Affirmation(new Round(5), new Term(3), Leaders.Digest));

    private List<NodeEffect> Resealing =>
    [
        new NodeEffect.Report(new NodeEvent.LeaderReplaced(new Round(5), new Term(3), new Slot(1))),
        new NodeEffect.Reseal(_spec, Leaders, new Slot(1), Some.Nonce(), Vector: false), Affirmation(0), Affirmation(1),
    ];

    [Fact]
    public void Withhold_ResealAndAffirmations_WritesThemDownFirst()
    {
        using (var record = OwnerRecord.Open(_place.Chain(Name), Name))
        {
            var effects = Resealing;
            new EffectRecord(record, Name, NullLogger.Instance).Withhold(effects, Leaders, _next.Add);

            Assert.Equal((4, 0), (effects.Count, _next.Count));
        }

        var lines = _place.LinesOf(Name).Where(l => l.Event is "reseal" or "affirmation").ToArray();
        Assert.Equal(
            [("reseal", 5L, 1L, Some.Node(2)), ("affirmation", 5, 0, Some.Node(1)), ("affirmation", 5, 1, Some.Node(2))],
            lines.Select(l => (l.Event, l.Count("round"), l.Count("slot"), new NodeId(new Hash256(Convert.FromHexString(l.Text("to")))))));
        Assert.Equal([3L, 3], lines.Skip(1).Select(l => l.Count("term")));
    }

    [Fact]
    public void Withhold_RecordThatCannotBeWritten_KeepsAllOfThemBack()
    {
        using var record = OwnerRecord.Open(_place.Chain(Name, maxBytes: 1), Name);
        _place.BlockNextFile(Name);
        var effects = Resealing;

        new EffectRecord(record, Name, NullLogger.Instance).Withhold(effects, Leaders, _next.Add);

        Assert.IsType<NodeEffect.Report>(Assert.Single(effects));
        Assert.Equal(new NodeInput.UpdateFailed(new Round(5), BackgroundWork.Unrecorded), Assert.Single(_next));
    }

    public void Dispose() => _place.Dispose();
}
